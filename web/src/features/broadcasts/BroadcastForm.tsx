import { Modal, NativeSelect, Select, Textarea } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { type FormEvent, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { reasonOf } from '../../lib/words'
import { Button } from '../../ui/Button'
import type { NewBroadcast, Person, Severity } from '../../wire'
import classes from './Broadcast.module.css'

export interface FormProps {
  close: () => void
  lines: readonly string[]
  rooms: ReadonlyArray<{ id: string; name: string }>
  people: (q: string) => Promise<Person[]>
  /** Rejects with a `Problem`. */
  send: (broadcast: NewBroadcast) => Promise<unknown>
}

type Scope = NewBroadcast['scope']

const SCOPES: Scope[] = ['everybody', 'line', 'room', 'person']
const SEVERITIES: Severity[] = ['critical', 'high', 'medium', 'low', 'diagnostic']
const HOURS = ['1', '8', '24', '168'] as const
const MOST_CHARS = 1000

/** People by a part of their name, for the list of the field. */
function usePeople(ask: FormProps['people'], q: string): Person[] {
  const [wait] = useDebouncedValue(q, 200)
  const [people, setPeople] = useState<Person[]>([])
  useEffect(() => {
    let here = true
    ask(wait).then((all) => here && setPeople(all), () => undefined)
    return () => void (here = false)
  }, [ask, wait])
  return people
}

interface TargetProps extends Pick<FormProps, 'lines' | 'rooms' | 'people'> {
  scope: Scope
  target: string | null
  choose: (target: string | null) => void
}

function Target({ scope, target, choose, lines, rooms, people }: TargetProps) {
  const { t } = useTranslation()
  const [q, setQ] = useState('')
  const found = usePeople(people, scope === 'person' ? q : '')
  if (scope === 'everybody') return null
  const data = {
    line: lines.map((it) => ({ value: it, label: it })),
    room: rooms.map((it) => ({ value: it.id, label: it.name })),
    person: found.map((it) => ({ value: it.id, label: it.name })),
  }[scope]
  const label = { line: t('broadcast.chooseLine'), room: t('broadcast.chooseRoom'), person: t('broadcast.choosePerson') }[scope]
  const search = scope === 'person' ? { searchValue: q, onSearchChange: setQ } : {}
  return <Select size="md" key={scope} label={label} data={data} value={target} onChange={choose} searchable {...search} nothingFoundMessage={t('talk.nobody')} />
}

/** What is sent for a scope and what was chosen for it. */
function targeted(scope: Scope, target: string | null): Partial<NewBroadcast> {
  if (scope === 'line') return { line: target }
  if (scope === 'room') return { room_id: target }
  return scope === 'person' ? { user_id: target } : {}
}

/** Tell a person, a room, a line or everybody. */
export function BroadcastForm({ close, send, ...sources }: FormProps) {
  const { t } = useTranslation()
  const [scope, setScope] = useState<Scope>('everybody')
  const [target, setTarget] = useState<string | null>(null)
  const [text, setText] = useState('')
  const [severity, setSeverity] = useState<Severity>('medium')
  const [hours, setHours] = useState<(typeof HOURS)[number]>('8')
  const [fault, setFault] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault()
    if (text.trim() === '') return setFault(t('broadcast.needText'))
    if (scope !== 'everybody' && !target) return setFault(t('broadcast.needTarget'))
    setBusy(true)
    setFault(null)
    try {
      await send({ scope, text: text.trim(), severity, expires_in: Number(hours) * 3600, ...targeted(scope, target) })
      close()
    } catch (why) {
      setFault(t('broadcast.failed', { reason: reasonOf(why, t) }))
      setBusy(false)
    }
  }
  const choose = (next: Scope) => {
    setScope(next)
    setTarget(null)
  }
  const left = MOST_CHARS - [...text].length
  return (
    <Modal opened onClose={close} title={t('broadcast.title')} closeButtonProps={{ 'aria-label': t('room.close'), size: 48, iconSize: 22 }} classNames={{ title: classes.title }}>
      <form className={classes.form} onSubmit={(event) => void submit(event)} noValidate>
        <Textarea size="md" label={t('broadcast.text')} rows={4} maxLength={MOST_CHARS} value={text} onChange={(event) => setText(event.currentTarget.value)} description={left <= 200 ? t('broadcast.left', { count: left }) : undefined} data-autofocus />
        <NativeSelect size="md" label={t('broadcast.to')} data={SCOPES.map((value) => ({ value, label: t(`broadcast.${value}`) }))} value={scope} onChange={(event) => choose(event.currentTarget.value as Scope)} />
        <Target scope={scope} target={target} choose={setTarget} {...sources} />
        <div className={classes.pair}>
          <NativeSelect size="md" label={t('broadcast.severity')} data={SEVERITIES.map((value) => ({ value, label: t(`severity.${value}`) }))} value={severity} onChange={(event) => setSeverity(event.currentTarget.value as Severity)} />
          <NativeSelect size="md" label={t('broadcast.expires')} data={HOURS.map((value) => ({ value, label: t(`broadcast.hours_${value}`) }))} value={hours} onChange={(event) => setHours(event.currentTarget.value as typeof hours)} />
        </div>
        {fault && (
          <p className={classes.error} role="alert">
            {fault}
          </p>
        )}
        <div className={classes.answers}>
          <Button height={44} onClick={close}>
            {t('broadcast.cancel')}
          </Button>
          <Button height={44} primary icon="broadcast" type="submit" busy={busy}>
            {t('broadcast.send')}
          </Button>
        </div>
      </form>
    </Modal>
  )
}
