import { Menu, Popover } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNow } from '../../lib/clock'
import { Icon } from '../../ui/Icon'
import type { Message } from '../../wire'
import { type RowDeeds, useRow } from './context'
import { EMOJI, NEAR, RECEIVED } from './emoji'
import classes from './MessageBar.module.css'
import reactions from './Reactions.module.css'
import { type MenuItem, menuOf } from './rights'

/** Emoji to choose from, in one grid. */
export function EmojiGrid({ choose }: { choose: (emoji: string) => void }) {
  return (
    <div className={reactions.grid}>
      {EMOJI.map((it) => (
        <button key={it} type="button" onClick={() => choose(it)}>
          {it}
        </button>
      ))}
    </div>
  )
}

export const isMineOn = (message: Message, emoji: string) => message.reactions?.some((it) => it.emoji === emoji && it.mine) ?? false

/** What the menu's items do. */
export function perform(item: MenuItem, message: Message, deeds: RowDeeds): void {
  deeds[item.name](message)
}

/** The items of a message's menu; one that is no longer possible disappears. */
export function useMenu(message: Message): MenuItem[] {
  return menuOf(message, useRow(), useNow())
}

interface Props {
  message: Message
  /** While a menu of the bar is open the bar stays. */
  pin: (open: boolean) => void
}

function More({ message, pin }: Props) {
  const { t } = useTranslation()
  const deeds = useRow()
  const items = useMenu(message).filter((it) => it.name !== 'edit')
  return (
    <Menu position="bottom-end" shadow="md" onChange={pin}>
      <Menu.Target>
        <button type="button" aria-label={t('talk.more')}>
          <Icon name="more" />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        {items.map((it) => (
          <Menu.Item key={it.name} leftSection={<Icon name={it.icon} />} onClick={() => perform(it, message, deeds)}>
            {t(`talk.${it.name}`)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}

function Picker({ message, pin }: Props) {
  const { t } = useTranslation()
  const { react } = useRow()
  const [open, setOpen] = useState(false)
  const show = (next: boolean) => {
    setOpen(next)
    pin(next)
  }
  return (
    <Popover opened={open} onChange={show} position="top-end" shadow="md" trapFocus returnFocus>
      <Popover.Target>
        <button type="button" aria-label={t('talk.moreEmoji')} aria-expanded={open} onClick={() => show(!open)}>
          <Icon name="emoji" />
        </button>
      </Popover.Target>
      <Popover.Dropdown p={6}>
        <EmojiGrid
          choose={(emoji) => {
            react(message.message_id, emoji, true)
            show(false)
          }}
        />
      </Popover.Dropdown>
    </Popover>
  )
}

/** The small bar of a message under the pointer or the keyboard: 收到 first. */
export function MessageBar({ message, pin }: Props) {
  const { t } = useTranslation()
  const { mayWrite, react, edit } = useRow()
  const editable = useMenu(message).some((it) => it.name === 'edit')
  const toggle = (emoji: string) => react(message.message_id, emoji, !isMineOn(message, emoji))
  return (
    <div className={classes.bar} role="toolbar" aria-label={t('talk.acts')}>
      {mayWrite && !message.deleted_at && (
        <>
          <button type="button" className={classes.word} aria-pressed={isMineOn(message, RECEIVED)} onClick={() => toggle(RECEIVED)}>
            <Icon name="check" size={16} /> {t('talk.received')}
          </button>
          {NEAR.map((it) => (
            <button key={it} type="button" aria-pressed={isMineOn(message, it)} onClick={() => toggle(it)}>
              {it}
            </button>
          ))}
          <Picker message={message} pin={pin} />
        </>
      )}
      {editable && (
        <button type="button" aria-label={t('talk.edit')} title={t('talk.edit')} onClick={() => edit(message)}>
          <Icon name="edit" />
        </button>
      )}
      <More message={message} pin={pin} />
    </div>
  )
}
