import type { ProblemView } from '../wire'

/** A refusal of the hub with its stable `code`; `offline` when no answer came at all. `retryAfter` is in ms. */
export class Problem extends Error {
  constructor(
    readonly code: string,
    readonly status: number,
    detail: string,
    readonly requestId = '',
    readonly retryAfter: number | null = null,
    /** The field of the request that is wrong, such as `checklist[2].text`. */
    readonly field: string | null = null,
  ) {
    super(detail)
  }
}

export const offline = () => new Problem('offline', 0, 'no answer')

const PASSING = ['offline', 'unavailable', 'db_unavailable', 'rate_limited']

/** Waiting helps: no answer, overload or a restarting database. */
export const passes = (problem: unknown) => problem instanceof Problem && PASSING.includes(problem.code)

function isProblem(body: unknown): body is ProblemView {
  return typeof body === 'object' && body !== null && typeof (body as ProblemView).code === 'string'
}

export function problemOf(status: number, body: unknown): Problem {
  if (!isProblem(body)) return new Problem(status >= 500 ? 'unavailable' : 'internal', status, `HTTP ${status}`)
  const wait = typeof body.retry_after === 'number' ? body.retry_after * 1000 : null
  return new Problem(body.code, status, body.detail, body.request_id, wait, body.field ?? null)
}
