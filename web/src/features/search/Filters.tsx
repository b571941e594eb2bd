import { Autocomplete, Chip, Select, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../ui/Button'
import type { MessageType, Person, Room } from '../../wire'
import { type Asked, KINDS, narrowings } from './asked'
import classes from './SearchPage.module.css'

export interface FiltersProps {
  asked: Asked
  ask: (asked: Asked) => void
  /** The room one came from, or is searching in. */
  here: Pick<Room, 'id' | 'code'> | null
  machines: readonly string[]
  people: readonly Person[]
}

/** Everywhere, or the room one came from. */
function Scopes({ asked, ask, here }: FiltersProps) {
  const { t } = useTranslation()
  if (!here) return null
  const choose = (value: string) => ask({ ...asked, room: value === 'all' ? undefined : here.id })
  return (
    <Chip.Group value={asked.room ? 'here' : 'all'} onChange={choose}>
      <Chip value="all">
        {t('search.everywhere')}
      </Chip>
      <Chip value="here">
        {t('search.here', { room: here.code })}
      </Chip>
    </Chip.Group>
  )
}

/** A field whose word counts when one leaves it or presses Enter. */
function useTyped(value: string | undefined, tell: (value: string | undefined) => void) {
  const [text, setText] = useState(value ?? '')
  const [shown, setShown] = useState(value)
  if (shown !== value) {
    setShown(value)
    setText(value ?? '')
  }
  const done = () => {
    if (text.trim() !== (value ?? '')) tell(text.trim() || undefined)
  }
  return { text, setText, done }
}

function Fields({ asked, ask, machines, people }: FiltersProps) {
  const { t } = useTranslation()
  const set = (name: keyof Asked) => (value: string | null | undefined) => ask({ ...asked, [name]: value || undefined })
  const machine = useTyped(asked.machine, set('machine'))
  const code = useTyped(asked.code, set('code'))
  return (
    <div className={classes.fields}>
      <Select label={t('search.person')} placeholder={t('search.any')} data={people.map(({ id, name }) => ({ value: id, label: name }))} value={asked.from ?? null} onChange={set('from')} clearable searchable />
      <Autocomplete label={t('search.machine')} placeholder={t('search.any')} data={[...machines]} value={machine.text} onChange={machine.setText} onOptionSubmit={set('machine')} onBlur={machine.done} onKeyDown={(event) => event.key === 'Enter' && !event.nativeEvent.isComposing && machine.done()} />
      <TextInput label={t('search.code')} placeholder={t('search.any')} value={code.text} onChange={(event) => code.setText(event.currentTarget.value)} onBlur={code.done} onKeyDown={(event) => event.key === 'Enter' && !event.nativeEvent.isComposing && code.done()} />
      <Select label={t('search.kind')} placeholder={t('search.any')} data={KINDS.map((it: MessageType) => ({ value: it, label: t(`search.kinds.${it}`) }))} value={asked.kind ?? null} onChange={set('kind')} clearable />
      <TextInput type="date" label={t('search.after')} value={asked.after ?? ''} max={asked.before} onChange={(event) => set('after')(event.currentTarget.value)} />
      <TextInput type="date" label={t('search.before')} value={asked.before ?? ''} min={asked.after} onChange={(event) => set('before')(event.currentTarget.value)} />
    </div>
  )
}

/** Where to look, as chips; and by whom, of what machine, which code, kind and days, folded away until wanted. */
export function Filters(props: FiltersProps) {
  const { t } = useTranslation()
  const count = narrowings(props.asked)
  const [open, setOpen] = useState(count > 0)
  return (
    <div className={classes.filters}>
      <div className={classes.scopes}>
        <Scopes {...props} />
        <Button quiet icon="filter" aria-expanded={open} onClick={() => setOpen(!open)}>
          {count > 0 ? `${t('search.filters')} · ${count}` : t('search.filters')}
        </Button>
      </div>
      {open && <Fields {...props} />}
    </div>
  )
}
