import { Tooltip } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Icon } from '../../ui/Icon'
import type { Message, Reaction } from '../../wire'
import { useRow } from './context'
import { RECEIVED } from './emoji'
import classes from './Reactions.module.css'

/** What a reaction is called: 收到 is a word. */
export function Sign({ emoji }: { emoji: string }) {
  const { t } = useTranslation()
  if (emoji !== RECEIVED) return <span className={classes.emoji}>{emoji}</span>
  return (
    <>
      <Icon name="check" size={14} />
      {t('talk.received')}
    </>
  )
}

function Chip({ message, reaction }: { message: Message; reaction: Reaction }) {
  const { t } = useTranslation()
  const { me, mayWrite, react } = useRow()
  const { emoji, count, users, mine = false } = reaction
  const named = mine && users.every((it) => it.id !== me.id) ? [...users, me] : users
  const listed = named.map((it) => (it.id === me.id ? t('room.you') : it.name)).join(t('room.list'))
  const names = count > named.length ? t('talk.andMore', { names: listed, count: count - named.length }) : listed
  const word = emoji === RECEIVED ? t('talk.received') : emoji
  return (
    <Tooltip label={names} multiline maw={320} withArrow>
      <button
        type="button"
        className={classes.chip}
        aria-pressed={mine}
        aria-label={t('talk.reacted', { emoji: word, names })}
        disabled={!mayWrite}
        onClick={() => react(message.message_id, emoji, !mine)}
      >
        <Sign emoji={emoji} /> <b>{count}</b>
      </button>
    </Tooltip>
  )
}

/** The reactions under a message, in the order of first use; a tap joins or leaves. */
export function Reactions({ message }: { message: Message }) {
  const reactions = message.reactions ?? []
  if (reactions.length === 0 || message.deleted_at) return null
  return (
    <div className={classes.chips}>
      {reactions.map((it) => (
        <Chip key={it.emoji} message={message} reaction={it} />
      ))}
    </div>
  )
}
