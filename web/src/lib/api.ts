import type { Broadcast, Closing, ClosingForm, Here, Me, Message, MessagePage, NewBroadcast, NewOverride, NewPattern, NewRoster, OnShiftNow, Override, Pattern, Person, Preset, ReadMark, RoomPage, RoomRow, Roster, SearchPage, ShiftCalendar, SignedIn, Snapshot, Status, Ticket, Version } from '../wire'
import { offline, Problem, problemOf } from './problem'

export interface ApiDeps {
  fetch: typeof fetch
  /** The session is over: neither the access token nor the refresh cookie is good. */
  onSignedOut: () => void
}

export type Api = ReturnType<typeof createApi>

/** A member with several values is repeated in the address. */
export type Query = Record<string, string | readonly string[]>

/** `version` is the one that is changed: a later one refuses the call (`edit_conflict`). */
export type Call = { method?: string; body?: unknown; anonymous?: boolean; version?: number }

/** The REST client. The access token lives in memory only; the refresh cookie is the browser's secret. */
export function createApi(deps: ApiDeps) {
  let token: string | null = null
  let refreshing: Promise<SignedIn> | null = null

  const accept = (signedIn: SignedIn) => {
    token = signedIn.access_token
    return signedIn
  }

  async function answerOf(path: string, { method = 'GET', body, anonymous, version }: Call, kind = 'application/json'): Promise<Response> {
    const headers: Record<string, string> = { Accept: kind }
    if (body !== undefined) headers['Content-Type'] = 'application/json'
    if (version !== undefined) headers['If-Match'] = `"${version}"`
    if (token && !anonymous) headers.Authorization = `Bearer ${token}`
    const init = { method, headers, body: body === undefined ? undefined : JSON.stringify(body) }
    const answer = await deps.fetch(path, { ...init, credentials: 'same-origin' }).catch(() => {
      throw offline()
    })
    if (!answer.ok) throw problemOf(answer.status, parse(await answer.text().catch(() => '')))
    return answer
  }

  const raw = async <T>(path: string, options: Call): Promise<T> => parse(await (await answerOf(path, options)).text().catch(() => '')) as T

  /** Tabs and calls of one page share a single rotation of the refresh cookie. */
  function refresh(): Promise<SignedIn> {
    refreshing ??= raw<SignedIn>('/api/auth/refresh', { method: 'POST', anonymous: true })
      .then(accept)
      .finally(() => (refreshing = null))
    return refreshing
  }

  /** Asks, and once more after a refresh when the access token has run out. */
  async function withSession<T>(ask: () => Promise<T>): Promise<T> {
    try {
      return await ask()
    } catch (problem) {
      if (!(problem instanceof Problem) || problem.status !== 401) throw problem
    }
    try {
      await refresh()
    } catch (problem) {
      if (problem instanceof Problem && problem.status >= 400 && problem.status < 500) {
        token = null
        deps.onSignedOut()
      }
      throw problem
    }
    return ask()
  }
  const call = <T>(path: string, options: Call = {}): Promise<T> => withSession(() => raw<T>(path, options))

  const room = (id: string) => `/api/rooms/${encodeURIComponent(id)}`
  return {
    /** Any operation of the hub by its path, signed in and refreshed like the named ones. */
    rest: call,
    /** A file of the hub's. */
    download: (path: string): Promise<Blob> => withSession(async () => (await answerOf(path, {}, '*/*')).blob()),
    refresh,
    signIn: (username: string, password: string) =>
      raw<SignedIn>('/api/auth/login', { method: 'POST', body: { username, password }, anonymous: true }).then(accept),
    /** Choose another password of a local account, and sign in with it. */
    choosePassword: (username: string, password: string, chosen: string) =>
      raw<SignedIn>('/api/auth/password', { method: 'POST', body: { username, password, new_password: chosen }, anonymous: true }).then(accept),
    async signOut() {
      await call('/api/auth/logout', { method: 'POST' }).catch(() => undefined)
      token = null
    },
    me: () => call<Me>('/api/auth/me'),
    ticket: () => call<Ticket>('/api/ws-ticket', { method: 'POST' }),
    rooms: (query: Query = {}) => call<RoomPage>(`/api/rooms${queryOf(query)}`),
    snapshot: (id: string) => call<Snapshot>(`${room(id)}/snapshot`),
    older: (id: string, beforeSeq: number) =>
      call<MessagePage>(`${room(id)}/messages${queryOf({ before_seq: String(beforeSeq), limit: '50' })}`),
    around: (id: string, seq: number) => call<MessagePage>(`${room(id)}/messages${queryOf({ around: String(seq), limit: '80' })}`),
    newer: (id: string, afterSeq: number) =>
      call<MessagePage>(`${room(id)}/messages${queryOf({ after_seq: String(afterSeq), limit: '50' })}`),
    search: (query: Query) => call<SearchPage>(`/api/search${queryOf(query)}`),
    transition: (id: string, to: Status, facts: { reason?: string; closing?: ClosingForm } = {}) =>
      call<RoomRow>(`${room(id)}/transitions`, { method: 'POST', body: { to, ...facts } }),
    closing: (id: string) => call<Closing>(`${room(id)}/closing`),
    /** With `unread` the mark may go back. */
    markRead: (id: string, seq: number, unread = false) => call<ReadMark>(`${room(id)}/read`, { method: 'PUT', body: unread ? { seq, unread } : { seq } }),
    room: (id: string) => call<RoomRow>(room(id)),
    message: (id: string, messageId: string) => call<Message>(`${room(id)}/messages/${encodeURIComponent(messageId)}`),
    history: (messageId: string) => call<Version[]>(`/api/messages/${encodeURIComponent(messageId)}/history`),
    addMember: (id: string, userId: string) => call<unknown>(`${room(id)}/members`, { method: 'POST', body: { user_id: userId } }),
    online: (id: string) => call<Here>(`${room(id)}/online`),
    typing: (id: string) => call<Here>(`${room(id)}/typing`),
    /** People who can be mentioned, by what was typed of their name. */
    people: (q: string) => call<Person[]>(`/api/users${queryOf({ q })}`),
    broadcasts: () => call<Broadcast[]>('/api/broadcasts'),
    broadcast: (body: NewBroadcast) => call<Broadcast>('/api/broadcasts', { method: 'POST', body }),
    shifts: {
      onShift: (query: Query) => call<OnShiftNow>(`/api/on-shift${queryOf(query)}`),
      calendar: (query: Query) => call<ShiftCalendar>(`/api/shifts/calendar${queryOf(query)}`),
      presets: () => call<Preset[]>('/api/shifts/presets'),
      patterns: () => call<Pattern[]>('/api/shifts/patterns'),
      addPattern: (body: NewPattern) => call<Pattern>('/api/shifts/patterns', { method: 'POST', body }),
      removePattern: (id: string) => call<unknown>(`/api/shifts/patterns/${encodeURIComponent(id)}`, { method: 'DELETE' }),
      addRoster: (body: NewRoster) => call<Roster>('/api/shifts/rosters', { method: 'POST', body }),
      removeRoster: (id: string) => call<unknown>(`/api/shifts/rosters/${encodeURIComponent(id)}`, { method: 'DELETE' }),
      overrides: (query: Query) => call<Override[]>(`/api/shifts/overrides${queryOf(query)}`),
      addOverride: (body: NewOverride) => call<Override>('/api/shifts/overrides', { method: 'POST', body }),
      removeOverride: (id: string) => call<unknown>(`/api/shifts/overrides/${encodeURIComponent(id)}`, { method: 'DELETE' }),
    },
    seen: (broadcastId: string) => call<unknown>(`/api/broadcasts/${encodeURIComponent(broadcastId)}/seen`, { method: 'PUT' }),
  }
}

function parse(text: string): unknown {
  try {
    return text === '' ? undefined : JSON.parse(text)
  } catch {
    return undefined
  }
}

/** `?name=value…`, or nothing. */
export function queryOf(query: Query): string {
  const pairs = Object.entries(query).flatMap(([name, value]) => [value].flat().map((one) => [name, one]))
  const text = new URLSearchParams(pairs).toString()
  return text === '' ? '' : `?${text}`
}
