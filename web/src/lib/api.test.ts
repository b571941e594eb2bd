import { expect, it, vi } from 'vitest'
import { createApi } from './api'
import { Problem } from './problem'

const SIGNED_IN = { access_token: 'fresh', expires_in: 600, user: { id: 'u', username: 'chen', name: '陳柏宇', kind: 'person', role: 'responder', language: null } }
const problem = (code: string, status: number, more: object = {}) => Response.json({ type: '', title: '', status, detail: code, code, request_id: 'r-1', ...more }, { status })

/** A hub that answers each path from a list, in turn. */
function hub(answers: Record<string, Array<Response | 'down'>>) {
  const calls: Array<{ path: string; auth: string | null; version: string | null; body: unknown }> = []
  const fetcher = (async (path: string, init: RequestInit) => {
    const headers = new Headers(init.headers)
    calls.push({ path, auth: headers.get('Authorization'), version: headers.get('If-Match'), body: init.body })
    const next = answers[path]?.shift()
    if (!next) throw new Error(`unexpected ${path}`)
    if (next === 'down') throw new TypeError('no network')
    return next
  }) as unknown as typeof fetch
  const onSignedOut = vi.fn()
  return { calls, onSignedOut, api: createApi({ fetch: fetcher, onSignedOut }) }
}

it('keeps the token to itself and sends it with what follows', async () => {
  const { api, calls } = hub({ '/api/auth/login': [Response.json(SIGNED_IN)], '/api/auth/me': [Response.json(SIGNED_IN.user)] })
  await api.signIn('chen', 'secret')
  await api.me()
  expect(calls.map((it) => it.auth)).toEqual([null, 'Bearer fresh'])
})

it('refreshes once for many calls that find the token too old, and repeats them', async () => {
  const { api, calls } = hub({
    '/api/auth/me': [problem('token_invalid', 401), problem('token_invalid', 401), Response.json(SIGNED_IN.user), Response.json(SIGNED_IN.user)],
    '/api/auth/refresh': [Response.json(SIGNED_IN)],
  })
  await Promise.all([api.me(), api.me()])
  expect(calls.filter((it) => it.path === '/api/auth/refresh')).toHaveLength(1)
  expect(calls.at(-1)?.auth).toBe('Bearer fresh')
})

it('tells when the session is over, but not when the hub is only away', async () => {
  const over = hub({ '/api/auth/me': [problem('token_invalid', 401)], '/api/auth/refresh': [problem('session_revoked', 401)] })
  await expect(over.api.me()).rejects.toMatchObject({ code: 'session_revoked' })
  expect(over.onSignedOut).toHaveBeenCalledOnce()
  const away = hub({ '/api/auth/me': [problem('token_invalid', 401)], '/api/auth/refresh': ['down'] })
  await expect(away.api.me()).rejects.toMatchObject({ code: 'offline' })
  expect(away.onSignedOut).not.toHaveBeenCalled()
})

it('a wrong password is a wrong password, not an ended session', async () => {
  const { api, onSignedOut } = hub({ '/api/auth/login': [problem('invalid_credentials', 401)] })
  await expect(api.signIn('chen', 'x')).rejects.toMatchObject({ code: 'invalid_credentials', requestId: 'r-1' })
  expect(onSignedOut).not.toHaveBeenCalled()
})

it('reads refusals with their waiting time, and makes sense of answers that are no problem+json', async () => {
  const { api } = hub({ '/api/rooms': [problem('rate_limited', 429, { retry_after: 1.5 }), new Response('<html>bad gateway', { status: 502 })] })
  await expect(api.rooms()).rejects.toMatchObject({ code: 'rate_limited', retryAfter: 1500 })
  const bad = await api.rooms().catch((it: unknown) => it)
  expect(bad).toBeInstanceOf(Problem)
  expect(bad).toMatchObject({ code: 'unavailable', status: 502 })
})

it('repeats a filter with several values in the address', async () => {
  const { api, calls } = hub({ '/api/rooms?limit=2&status=open&status=on_site': [Response.json({ rooms: [], changed: '1' })] })
  await api.rooms({ limit: '2', status: ['open', 'on_site'] })
  expect(calls).toHaveLength(1)
})

it('names the version that is changed, and the field that is wrong', async () => {
  const { api, calls } = hub({ '/api/templates/p': [problem('edit_conflict', 412), problem('invalid', 422, { field: 'checklist[0].text' })] })
  await expect(api.rest('/api/templates/p', { method: 'PUT', body: {}, version: 3 })).rejects.toMatchObject({ code: 'edit_conflict' })
  await expect(api.rest('/api/templates/p', { method: 'PUT', body: {} })).rejects.toMatchObject({ field: 'checklist[0].text' })
  expect(calls.map((it) => it.version)).toEqual(['"3"', null])
})
