import { memo, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { type Group, mentionsOf } from '../../lib/mentions'
import { Avatar } from '../../ui/Avatar'
import { type Calls, RichText } from '../../ui/RichText'
import type { Member, Message } from '../../wire'
import { useRow } from './context'
import { Frame, Who } from './Frame'
import { MessageBar } from './MessageBar'
import { Reactions } from './Reactions'
import classes from './Timeline.module.css'
import { useHandles } from './useHandles'

/** The groups that called me: where a roster said who is on shift, `oncall` is those people and nobody else. */
function mineIn(message: Message, me: string, mine: readonly Group[]): readonly Group[] {
  const { on_shift: onShift = [] } = mentionsOf(message)
  if (onShift.length === 0) return mine
  const others = mine.filter((it) => it !== 'oncall')
  return onShift.some((it) => it.id === me) ? [...others, 'oncall'] : others
}

function callsOf(message: Message, me: string, mine: readonly Group[]): Calls {
  const { people = [], absent = [], groups = [] } = mentionsOf(message)
  return { people: [...people, ...absent], groups, me, mine: mineIn(message, me, mine) }
}

/** It calls me, by name or by a group I belong to. */
function callsMe(message: Message, me: string, mine: readonly Group[]): boolean {
  const { people = [], groups = [] } = mentionsOf(message)
  return !message.deleted_at && (people.some((it) => it.id === me) || groups.some((it) => mineIn(message, me, mine).includes(it)))
}

/** Called, but not in the room: only who wrote it is told, and can change that. */
function Absent({ message, members }: { message: Message; members: readonly Member[] }) {
  const { t } = useTranslation()
  const { me, mayWrite, add } = useRow()
  const absent = (mentionsOf(message).absent ?? []).filter((it) => !members.some(({ user }) => user.id === it.id))
  if (message.sender?.id !== me.id || message.deleted_at || absent.length === 0) return null
  return absent.map((it) => (
    <div key={it.id} className={classes.absent}>
      <span>{t('talk.absent', { name: it.name })}</span>
      {mayWrite && (
        <button type="button" onClick={() => add(it)}>
          {t('talk.add')}
        </button>
      )}
    </div>
  ))
}

function Edited({ message }: { message: Message }) {
  const { t } = useTranslation()
  const { history } = useRow()
  return (
    <button type="button" className={classes.note} onClick={() => history(message)}>
      {t('room.edited')}
    </button>
  )
}

function Said({ message }: { message: Message }) {
  const { t } = useTranslation()
  const { me, groups } = useRow()
  const calls = useMemo(() => callsOf(message, me.id, groups), [message, me.id, groups])
  if (message.deleted_at) return <span className="muted">{t('room.deleted')}</span>
  return (
    <>
      <RichText text={message.content} calls={calls} />
      {message.edited_at && <Edited message={message} />}
    </>
  )
}

interface Props {
  message: Message
  first: boolean
  members: readonly Member[]
}

/** What a person said, with what others make of it. */
export const TalkRow = memo(function TalkRow({ message, first, members }: Props) {
  const row = useRow()
  const { sender } = message
  const { handles, active, pin } = useHandles(row.phone, () => row.sheet(message))
  const marker = first && sender ? <Avatar person={sender} me={sender.id === row.me.id} /> : null
  return (
    <Frame seq={message.seq} at={message.created_at} kind="talk" first={first} marker={marker} called={callsMe(message, row.me.id, row.groups)} handles={handles}>
      {first && <Who person={sender} me={row.me.id} members={members} />}
      <div className={classes.text} dir="auto">
        <Said message={message} />
      </div>
      <Reactions message={message} />
      <Absent message={message} members={members} />
      {active && <MessageBar message={message} pin={pin} />}
    </Frame>
  )
})
