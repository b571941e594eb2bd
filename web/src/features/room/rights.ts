import type { Group } from '../../lib/mentions'
import type { Act, Me, Member, Message } from '../../wire'
import type { IconName } from '../../ui/Icon'

/** One's own text can be changed for so long. */
export const EDIT_MS = 15 * 60_000

export type Role = Member['role'] | null

const leads = (role: Role) => role === 'owner' || role === 'lead'
const isMine = (message: Message, me: Me) => message.sender?.id === me.id

export const roleIn = (members: readonly Member[], me: Me): Role => members.find((it) => it.user.id === me.id)?.role ?? null

export const mayEdit = (message: Message, me: Me, now: number) =>
  message.type === 'text' && !message.deleted_at && isMine(message, me) && now - Date.parse(message.created_at) < EDIT_MS

/** One's own; others' as the table of rights says: then with a reason. */
export const mayRemove = (message: Message, me: Me, can: readonly Act[]) => !message.deleted_at && can.includes(isMine(message, me) ? 'delete_own' : 'delete_any')

export const needsReason = (message: Message, me: Me) => !isMine(message, me)

/** Former texts are for everybody who reads the room, until the message is deleted. */
export const maySeeHistory = (message: Message, me: Me) => Boolean(message.edited_at) && (!message.deleted_at || me.role === 'admin')

/** Which groups call me. */
export function myGroups(role: Role): Group[] {
  if (role === null) return []
  return leads(role) ? ['room', 'oncall', 'lead'] : role === 'responder' ? ['room', 'oncall'] : ['room']
}

/** Which groups I may call: the whole room only as one who leads it or the site. */
export const callable = (can: readonly Act[]): Group[] => (can.includes('call_all') ? ['oncall', 'lead', 'room'] : ['oncall', 'lead'])

export interface MenuItem {
  name: 'edit' | 'unread' | 'copy' | 'history' | 'remove'
  icon: IconName
}

/** What can be done with a message now, in the order it is offered. */
export function menuOf(message: Message, { me, can, mayWrite }: { me: Me; can: readonly Act[]; mayWrite: boolean }, now: number): MenuItem[] {
  const items: Array<MenuItem | false> = [
    mayWrite && mayEdit(message, me, now) && { name: 'edit', icon: 'edit' },
    { name: 'unread', icon: 'unread' },
    !message.deleted_at && { name: 'copy', icon: 'copy' },
    maySeeHistory(message, me) && { name: 'history', icon: 'history' },
    me.role !== 'viewer' && mayRemove(message, me, can) && { name: 'remove', icon: 'remove' },
  ]
  return items.filter((it) => it !== false)
}
