import { Drawer } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Icon } from '../../ui/Icon'
import type { Message } from '../../wire'
import { useRow } from './context'
import { NEAR, RECEIVED } from './emoji'
import { EmojiGrid, isMineOn, perform, useMenu } from './MessageBar'
import classes from './MessageBar.module.css'

function Emoji({ message, close }: { message: Message; close: () => void }) {
  const { t } = useTranslation()
  const { react } = useRow()
  const [all, setAll] = useState(false)
  const on = (emoji: string) => isMineOn(message, emoji)
  const toggle = (emoji: string) => {
    react(message.message_id, emoji, !on(emoji))
    close()
  }
  if (all) {
    return (
      <div className={classes.grid}>
        <EmojiGrid choose={toggle} />
      </div>
    )
  }
  return (
    <div className={classes.near}>
      <button type="button" className={classes.word} aria-pressed={on(RECEIVED)} onClick={() => toggle(RECEIVED)}>
        <Icon name="check" size={20} /> {t('talk.received')}
      </button>
      {NEAR.map((it) => (
        <button key={it} type="button" aria-pressed={on(it)} onClick={() => toggle(it)}>
          {it}
        </button>
      ))}
      <button type="button" aria-label={t('talk.moreEmoji')} onClick={() => setAll(true)}>
        <Icon name="emoji" size={22} />
      </button>
    </div>
  )
}

function Items({ message, close }: { message: Message; close: () => void }) {
  const { t } = useTranslation()
  const deeds = useRow()
  return (
    <>
      {deeds.mayWrite && !message.deleted_at && <Emoji message={message} close={close} />}
      <div className={classes.items}>
        {useMenu(message).map((it) => (
          <button
            key={it.name}
            type="button"
            onClick={() => {
              close()
              perform(it, message, deeds)
            }}
          >
            <Icon name={it.icon} size={22} /> {t(`talk.${it.name}`)}
          </button>
        ))}
      </div>
    </>
  )
}

/** The same as the bar, under the thumb: what a long press on a message opens. */
export function MessageSheet({ message, close }: { message: Message | null; close: () => void }) {
  const { t } = useTranslation()
  return (
    <Drawer
      opened={message !== null}
      onClose={close}
      position="bottom"
      size="auto"
      title={t('talk.acts')}
      closeButtonProps={{ 'aria-label': t('room.close'), size: 48, iconSize: 22 }}
      classNames={{ content: `${classes.sheet} ${classes.content}`, header: classes.sheet, title: classes.title }}
      styles={{ body: { padding: 0 } }}
    >
      {message && (
        <>
          <p className={classes.said}>{message.content}</p>
          <Items message={message} close={close} />
        </>
      )}
    </Drawer>
  )
}
