import { Modal, Textarea } from '@mantine/core'
import { type ReactNode, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { dayOf, timeOf } from '../../lib/format'
import { mentionsOf } from '../../lib/mentions'
import { reasonOf } from '../../lib/words'
import { Button } from '../../ui/Button'
import { RichText } from '../../ui/RichText'
import type { Message, Person, Version } from '../../wire'
import { useView } from './context'
import classes from './Dialogs.module.css'
import { needsReason } from './rights'

function Question({ title, close, children, answers }: { title: string; close: () => void; children?: ReactNode; answers: ReactNode }) {
  return (
    <Modal opened onClose={close} title={title} withCloseButton={false} classNames={{ title: classes.title }}>
      {children}
      <div className={classes.answers}>{answers}</div>
    </Modal>
  )
}

/** Deleting cannot be undone: it asks first, and for others' messages for a reason. */
export function RemoveDialog({ message, close }: { message: Message; close: () => void }) {
  const { t } = useTranslation()
  const { me, deeds } = useView()
  const [reason, setReason] = useState('')
  const [busy, setBusy] = useState(false)
  const asks = needsReason(message, me)
  const run = () => {
    setBusy(true)
    void deeds.remove(message, asks ? reason.trim() : undefined).then((done) => (done ? close() : setBusy(false)))
  }
  return (
    <Question
      title={t('talk.removeTitle')}
      close={close}
      answers={
        <>
          <Button height={48} onClick={close}>
            {t('talk.keep')}
          </Button>
          <Button height={48} primary icon="remove" busy={busy} disabled={asks && reason.trim() === ''} onClick={run}>
            {t('talk.remove')}
          </Button>
        </>
      }
    >
      <blockquote className={classes.text}>{message.content}</blockquote>
      <p className={classes.note}>{t('talk.removeText')}</p>
      {asks && <Textarea label={t('talk.removeReason')} description={t('talk.removeReasonHint')} rows={3} maxLength={500} value={reason} onChange={(event) => setReason(event.currentTarget.value)} data-autofocus />}
    </Question>
  )
}

/** Choosing somebody who is not in the room adds them: it asks first. */
export function AddDialog({ person, done }: { person: Person; done: (added: boolean) => void }) {
  const { t } = useTranslation()
  const { deeds } = useView()
  const [busy, setBusy] = useState(false)
  const run = () => {
    setBusy(true)
    void deeds.add(person).then(done)
  }
  return (
    <Question
      title={t('talk.addTitle', { name: person.name })}
      close={() => done(false)}
      answers={
        <>
          <Button height={48} onClick={() => done(false)}>
            {t('talk.keep')}
          </Button>
          <Button height={48} primary icon="joined" busy={busy} onClick={run} data-autofocus>
            {t('talk.addIt')}
          </Button>
        </>
      }
    >
      <p className={classes.note}>{t('talk.addText')}</p>
    </Question>
  )
}

/** The text was changed elsewhere while I changed it: both are shown, one is kept. */
export function ConflictDialog({ theirs, mine, choose }: { theirs: Message; mine: string; choose: (which: 'theirs' | 'mine') => void }) {
  const { t } = useTranslation()
  return (
    <Question
      title={t('editing.conflict')}
      close={() => choose('theirs')}
      answers={
        <>
          <Button height={48} onClick={() => choose('theirs')}>
            {t('editing.takeTheirs')}
          </Button>
          <Button height={48} primary onClick={() => choose('mine')}>
            {t('editing.takeMine')}
          </Button>
        </>
      }
    >
      <p className={classes.note}>{t('editing.conflictText')}</p>
      <h3 className={classes.heading}>{t('editing.theirs')}</h3>
      <Text message={theirs} content={theirs.content} />
      <h3 className={classes.heading}>{t('editing.mine')}</h3>
      <Text message={theirs} content={mine} />
    </Question>
  )
}

function Text({ message, content }: { message: Message; content: string }) {
  const { me, snapshot } = useView()
  const { people = [], absent = [] } = mentionsOf(message)
  const known = [...people, ...absent, ...snapshot.members.map((it) => it.user)]
  return (
    <blockquote className={classes.text} dir="auto">
      <RichText text={content} calls={{ people: known, me: me.id }} />
    </blockquote>
  )
}

function Versions({ message, versions }: { message: Message; versions: readonly Version[] }) {
  const { t, i18n } = useTranslation()
  return (
    <ol className={classes.versions}>
      {[...versions].reverse().map((it) => (
        <li key={it.version}>
          <div className={classes.heading}>
            {it.version === 1 ? t('editing.first') : t('editing.version', { n: it.version })}
            <span>{[it.by?.name, `${dayOf(it.at, i18n.language)} ${timeOf(it.at, true)}`].filter(Boolean).join(' · ')}</span>
          </div>
          <Text message={message} content={it.content} />
        </li>
      ))}
    </ol>
  )
}

/** Every text a message had, the newest first. */
export function HistoryDialog({ message, close }: { message: Message; close: () => void }) {
  const { t } = useTranslation()
  const { deeds } = useView()
  const [versions, setVersions] = useState<readonly Version[] | null>(null)
  const [refused, setRefused] = useState<unknown>(null)
  useEffect(() => {
    let here = true
    deeds.history(message).then((it) => here && setVersions(it), (why: unknown) => here && setRefused(why))
    return () => void (here = false)
  }, [deeds, message])
  return (
    <Modal opened onClose={close} title={t('editing.historyOf')} closeButtonProps={{ 'aria-label': t('room.close'), size: 48, iconSize: 22 }} classNames={{ title: classes.title }}>
      {refused !== null && <p role="alert">{t('editing.noHistory', { reason: reasonOf(refused, t) })}</p>}
      {versions && <Versions message={message} versions={versions} />}
    </Modal>
  )
}
