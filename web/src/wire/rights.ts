/* Generated from hub/wire by `npm run types`. Edit the Python structs, then run it again. */
/* oxlint-disable */
import type { Member, Reader, Room, Snapshot } from './types'

export type Act = NonNullable<Snapshot['can']>[number]

/** Who may do one act; what each part means stands in hub/wire/rights.py. */
export interface Right {
  roles: ReadonlyArray<Member['role']>
  when: ReadonlyArray<Room['status']>
  site: Reader['role'] | null
  member: boolean | null
  person: boolean
  archived: boolean
}

export const RANK: Record<Reader['role'], number> = { viewer: 0, responder: 1, lead: 2, admin: 3 }

export const RIGHTS: Record<Act, Right> = {
  post: { roles: ['owner', 'lead', 'responder'], when: ['open', 'acknowledged', 'on_site', 'restored', 'monitoring'], site: null, member: null, person: false, archived: false },
  edit_own: { roles: ['owner', 'lead', 'responder'], when: ['open', 'acknowledged', 'on_site', 'restored', 'monitoring'], site: null, member: null, person: false, archived: false },
  delete_own: { roles: ['owner', 'lead', 'responder', 'viewer', 'guest'], when: ['open', 'acknowledged', 'on_site', 'restored', 'monitoring', 'closed', 'merged', 'false_alarm'], site: null, member: null, person: false, archived: false },
  delete_any: { roles: ['owner', 'lead'], when: ['open', 'acknowledged', 'on_site', 'restored', 'monitoring', 'closed', 'merged', 'false_alarm'], site: 'admin', member: null, person: false, archived: false },
  react: { roles: ['owner', 'lead', 'responder'], when: ['open', 'acknowledged', 'on_site', 'restored', 'monitoring'], site: null, member: null, person: false, archived: false },
  call_all: { roles: ['owner', 'lead'], when: ['open', 'acknowledged', 'on_site', 'restored', 'monitoring'], site: 'lead', member: null, person: false, archived: false },
  join: { roles: ['responder'], when: ['open', 'acknowledged', 'on_site', 'restored', 'monitoring'], site: null, member: false, person: false, archived: false },
  leave: { roles: ['owner', 'lead', 'responder', 'viewer', 'guest'], when: ['open', 'acknowledged', 'on_site', 'restored', 'monitoring', 'closed', 'merged', 'false_alarm'], site: null, member: true, person: false, archived: false },
  take: { roles: ['owner', 'lead', 'responder'], when: ['open', 'on_site'], site: null, member: null, person: false, archived: false },
  give_back: { roles: ['owner', 'lead', 'responder'], when: ['acknowledged', 'on_site'], site: null, member: null, person: false, archived: false },
  arrive: { roles: ['owner', 'lead', 'responder'], when: ['open', 'acknowledged'], site: null, member: null, person: false, archived: false },
  restore: { roles: ['owner', 'lead', 'responder'], when: ['open', 'acknowledged', 'on_site', 'monitoring'], site: null, member: null, person: false, archived: false },
  monitor: { roles: ['owner', 'lead', 'responder'], when: ['restored'], site: null, member: null, person: false, archived: false },
  close: { roles: ['owner', 'lead', 'responder'], when: ['restored', 'monitoring'], site: null, member: null, person: false, archived: false },
  reopen: { roles: ['owner', 'lead', 'responder'], when: ['restored', 'monitoring', 'closed', 'false_alarm'], site: null, member: null, person: false, archived: false },
  false_alarm: { roles: ['owner', 'lead', 'responder'], when: ['open', 'acknowledged', 'on_site', 'restored'], site: null, member: null, person: false, archived: false },
  raise_severity: { roles: ['owner', 'lead', 'responder'], when: ['open', 'acknowledged', 'on_site', 'restored', 'monitoring'], site: null, member: null, person: false, archived: false },
  lower_severity: { roles: ['owner', 'lead'], when: ['open', 'acknowledged', 'on_site', 'restored', 'monitoring'], site: 'lead', member: null, person: true, archived: false },
  rename: { roles: ['owner', 'lead', 'responder'], when: ['open', 'acknowledged', 'on_site', 'restored', 'monitoring'], site: null, member: null, person: false, archived: false },
  change_visibility: { roles: [], when: ['open', 'acknowledged', 'on_site', 'restored', 'monitoring'], site: 'lead', member: null, person: false, archived: false },
  add_member: { roles: ['owner', 'lead', 'responder'], when: ['open', 'acknowledged', 'on_site', 'restored', 'monitoring'], site: null, member: null, person: false, archived: false },
  remove_member: { roles: ['owner', 'lead'], when: ['open', 'acknowledged', 'on_site', 'restored', 'monitoring', 'closed', 'merged', 'false_alarm'], site: 'lead', member: null, person: false, archived: false },
  change_role: { roles: ['owner', 'lead'], when: ['open', 'acknowledged', 'on_site', 'restored', 'monitoring', 'closed', 'merged', 'false_alarm'], site: 'lead', member: null, person: false, archived: false },
  transfer: { roles: ['owner'], when: ['open', 'acknowledged', 'on_site', 'restored', 'monitoring'], site: 'lead', member: null, person: false, archived: false },
  fill_closing: { roles: ['owner', 'lead', 'responder'], when: ['open', 'acknowledged', 'on_site', 'restored', 'monitoring', 'closed', 'merged', 'false_alarm'], site: null, member: null, person: false, archived: false },
  merge: { roles: ['owner', 'lead'], when: ['open', 'acknowledged', 'on_site', 'restored', 'monitoring'], site: 'lead', member: null, person: false, archived: false },
  link: { roles: ['owner', 'lead', 'responder'], when: ['open', 'acknowledged', 'on_site', 'restored', 'monitoring', 'closed', 'merged', 'false_alarm'], site: null, member: null, person: false, archived: false },
  archive: { roles: ['owner', 'lead'], when: ['closed', 'merged', 'false_alarm'], site: 'lead', member: null, person: false, archived: false },
  unarchive: { roles: [], when: ['closed', 'merged', 'false_alarm'], site: 'lead', member: null, person: false, archived: true },
}
