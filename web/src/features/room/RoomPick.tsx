import { Select, Textarea } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { queryOf } from '../../lib/api'
import { roomName } from '../../lib/format'
import { useRest } from '../../lib/rest'
import { FormDialog } from '../../ui/FormDialog'
import { say } from '../../ui/toast'
import type { Room, RoomPage, Status } from '../../wire'
import { useView } from './context'
import classes from './Dialogs.module.css'
import { useCalls } from './useCalls'

const LASTING: readonly Status[] = ['open', 'acknowledged', 'on_site', 'restored', 'monitoring']
const WAIT_MS = 250

/** `INC-000142 RO-03 第 5 溫區超溫`, in the reader's language. */
function labelOf(room: Room, language: string): string {
  const { machine, fault } = roomName(room, language)
  return [fault.includes(room.code) ? '' : room.code, machine, fault].filter(Boolean).join(' ')
}

interface PickProps {
  label: string
  /** Only those that are not over. */
  lasting?: boolean
  value: Room | null
  choose: (room: Room | null) => void
}

/** Choose another room, found by a part of its code, name or place; at first those of the same line. */
function RoomPick({ label, lasting, value, choose }: PickProps) {
  const { t, i18n } = useTranslation()
  const rest = useRest()
  const { room } = useView().snapshot
  const [typed, setTyped] = useState('')
  const [q] = useDebouncedValue(value ? '' : typed.trim(), WAIT_MS)
  const asked = queryOf({ limit: '20', sort: 'activity', ...(lasting ? { status: LASTING } : {}), ...(q ? { q } : room.line ? { line: room.line } : {}) })
  const { data } = useQuery({ queryKey: ['rooms', 'pick', asked], queryFn: () => rest<RoomPage>(`/api/rooms${asked}`), staleTime: 0 })
  const found = (data?.rooms ?? []).map((it) => it.room).filter((it) => it.id !== room.id)
  const all = value && !found.some((it) => it.id === value.id) ? [value, ...found] : found
  return (
    <Select
      size="md"
      label={label}
      placeholder={t('roomPick.hint')}
      required
      searchable
      clearable
      data={all.map((it) => ({ value: it.id, label: labelOf(it, i18n.language) }))}
      filter={({ options }) => options}
      value={value?.id ?? null}
      onChange={(id) => choose(all.find((it) => it.id === id) ?? null)}
      searchValue={typed}
      onSearchChange={setTyped}
      nothingFoundMessage={t('roomPick.none')}
    />
  )
}

/** The incident goes on elsewhere: that cannot be undone, so it says what happens. */
export function MergeDialog({ close }: { close: () => void }) {
  const { t } = useTranslation()
  const { room } = useView().snapshot
  const { call } = useCalls()
  const [into, setInto] = useState<Room | null>(null)
  const [reason, setReason] = useState('')
  const check = () => (!into ? t('merge.needRoom') : reason.trim() ? null : t('merge.needReason'))
  const send = () => call('/merge', 'POST', { into: into?.id, reason: reason.trim() })
  return (
    <FormDialog title={t('roomMenu.merge')} submit={t('merge.submit')} close={close} check={check} send={send}>
      <RoomPick label={t('merge.into')} lasting value={into} choose={setInto} />
      <Textarea size="md" label={t('reason.label')} description={t('merge.stands')} required rows={2} maxLength={500} value={reason} onChange={(event) => setReason(event.currentTarget.value)} />
      <ul className={classes.points}>
        {(['talk', 'members', 'alarms', 'final'] as const).map((it) => (
          <li key={it}>{t(`merge.${it}`, { from: room.code, into: into?.code ?? t('merge.other') })}</li>
        ))}
      </ul>
    </FormDialog>
  )
}

export function LinkDialog({ close }: { close: () => void }) {
  const { t } = useTranslation()
  const { call } = useCalls()
  const [other, setOther] = useState<Room | null>(null)
  const send = () => call(`/links/${other?.id}`, 'PUT').then(() => say(t('related.linked', { code: other?.code })))
  return (
    <FormDialog title={t('roomMenu.link')} submit={t('related.link')} close={close} check={() => (other ? null : t('merge.needRoom'))} send={send}>
      <RoomPick label={t('related.room')} value={other} choose={setOther} />
      <p className={classes.note}>{t('related.text')}</p>
    </FormDialog>
  )
}
