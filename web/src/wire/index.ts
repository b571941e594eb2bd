/** The wire's types, and the unions the generated file only has inline. */
import type { Event, Message, Room } from './types'

export type * from './types'
export type { Act } from './rights'
export type Severity = Room['severity']
export type Status = Room['status']
export type Text = Room['fault']
export type MessageType = Message['type']

/** What the fold reads; an event frame is one, too. */
export type RoomEvent = Event
