import { NativeSelect, SegmentedControl, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { dateTime } from '../../lib/format'
import { reasonOf } from '../../lib/words'
import { Problem } from '../../lib/problem'
import { Block } from '../../ui/Section'
import type { AlarmFacts, PreviewTemplate, Room, RoomTemplate } from '../../wire'
import { CATEGORIES, SEVERITIES } from './draft'
import { Outcome } from './Outcome'
import classes from './Templates.module.css'
import { usePastRooms, usePreview } from './useTemplates'

const PLACES = ['line', 'machine', 'area', 'site', 'code', 'condition'] as const

interface Facts extends AlarmFacts {
  said: string
}

function FactFields({ facts, set }: { facts: Facts; set: (change: Partial<Facts>) => void }) {
  const { t } = useTranslation()
  return (
    <div className={classes.grid}>
      <TextInput className={classes.wide} label={t('templates.fact.text')} value={facts.said} maxLength={500} onChange={(event) => set({ said: event.currentTarget.value })} />
      <NativeSelect label={t('templates.fact.severity')} value={facts.severity} data={SEVERITIES.map((value) => ({ value, label: t(`severity.${value}`) }))} onChange={(event) => set({ severity: event.currentTarget.value as AlarmFacts['severity'] })} />
      <NativeSelect label={t('templates.fact.category')} value={facts.category} data={CATEGORIES.map((value) => ({ value, label: t(`category.${value}`) }))} onChange={(event) => set({ category: event.currentTarget.value as AlarmFacts['category'] })} />
      {PLACES.map((it) => (
        <TextInput key={it} label={t(`templates.fact.${it}`)} maxLength={64} value={facts[it] ?? ''} onChange={(event) => set({ [it]: event.currentTarget.value })} />
      ))}
    </div>
  )
}

function factsOf({ said, category, severity, ...places }: Facts, language: string): AlarmFacts {
  const known = Object.entries(places).filter(([, word]) => typeof word === 'string' && word.trim() !== '')
  return { ...Object.fromEntries(known), category, severity, text: said.trim() === '' ? {} : { [language]: said } }
}

/** A room by its number and title; templates may have put the number into the title already. */
const titled = ({ code, title }: Room) => (title.includes(code) ? title : `${code} ${title}`)

/** Which case it is tried on: a past room, or facts. */
function useCase() {
  const { i18n } = useTranslation()
  const rooms = usePastRooms().data ?? []
  const [by, setBy] = useState<'room' | 'facts'>('room')
  const [roomId, setRoom] = useState('')
  const [facts, setFacts] = useState<Facts>({ said: '', category: 'machine', severity: 'high' })
  const room = roomId || rooms[0]?.id || ''
  const asked: PreviewTemplate = by === 'room' && room ? { room_id: room } : { facts: factsOf(facts, i18n.language) }
  return { rooms, by, setBy, room, setRoom, facts, change: (one: Partial<Facts>) => setFacts((now) => ({ ...now, ...one })), asked }
}

/** What the template would do as it stands in the form: name, people, checklist, welcome, and which template wins. */
export function Preview({ id, template }: { id: string | null; template: RoomTemplate }) {
  const { t, i18n } = useTranslation()
  const { asked, ...one } = useCase()
  const named = template.name === '' ? { ...template, name: t('templates.unnamed') } : template
  const [wanted] = useDebouncedValue(JSON.stringify({ ...asked, template: named, template_id: id }), 400)
  const preview = usePreview(JSON.parse(wanted) as PreviewTemplate)
  const fault = preview.error instanceof Problem ? preview.error : null
  return (
    <Block title={t('templates.preview')}>
      <div className={classes.preview}>
        <SegmentedControl fullWidth aria-label={t('templates.tryOn')} value={one.by} onChange={(by) => one.setBy(by as typeof one.by)} data={[{ value: 'room', label: t('templates.pastRoom') }, { value: 'facts', label: t('templates.ownFacts') }]} />
        {one.by === 'facts' && <FactFields facts={one.facts} set={one.change} />}
        {one.by === 'room' && <NativeSelect label={t('templates.room')} value={one.room} disabled={one.rooms.length === 0} data={one.rooms.length === 0 ? [t('templates.noRooms')] : one.rooms.map((it) => ({ value: it.id, label: `${titled(it)} · ${dateTime(it.opened_at, i18n.language)}` }))} onChange={(event) => one.setRoom(event.currentTarget.value)} />}
        {preview.isError && (
          <p className={classes.fault} role="alert">
            {reasonOf(preview.error, t)}
            {fault && fault.message !== '' && <small className="mono">{[fault.field, fault.message].filter(Boolean).join(': ')}</small>}
          </p>
        )}
        {preview.data && !preview.isError && <Outcome preview={preview.data} id={id} name={named.name} />}
      </div>
    </Block>
  )
}
