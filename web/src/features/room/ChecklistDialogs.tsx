import { Textarea, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { serverNow } from '../../lib/clock'
import { FormDialog } from '../../ui/FormDialog'
import type { ChecklistItem, Person } from '../../wire'
import { useView } from './context'
import { fieldTime } from './fieldTime'
import { PersonPick } from './PersonPick'
import { useCalls } from './useCalls'

function When({ due, change }: { due: string; change: (due: string) => void }) {
  const { t } = useTranslation()
  return <TextInput size="md" type="datetime-local" label={t('checklist.until')} min={fieldTime(serverNow())} value={due} onChange={(event) => change(event.currentTarget.value)} />
}

export function NewItemDialog({ close }: { close: () => void }) {
  const { t, i18n } = useTranslation()
  const { members } = useView().snapshot
  const { call } = useCalls()
  const [text, setText] = useState('')
  const [who, setWho] = useState<Person | null>(null)
  const [due, setDue] = useState('')
  const send = () =>
    call('/checklist', 'POST', {
      text: { [i18n.language]: text.trim() },
      ...(who ? { assignee_id: who.id } : {}),
      ...(due ? { due_at: new Date(due).toISOString() } : {}),
    })
  return (
    <FormDialog title={t('checklist.add')} submit={t('form.add')} close={close} check={() => (text.trim() ? null : t('checklist.needText'))} send={send}>
      <Textarea size="md" label={t('checklist.text')} required rows={2} maxLength={300} value={text} onChange={(event) => setText(event.currentTarget.value)} data-autofocus />
      <PersonPick label={t('checklist.who')} value={who} choose={setWho} first={members.map((it) => it.user)} />
      <When due={due} change={setDue} />
    </FormDialog>
  )
}

/** Give an item to somebody, or another time. */
export function GiveDialog({ item, close }: { item: ChecklistItem; close: () => void }) {
  const { t } = useTranslation()
  const { members } = useView().snapshot
  const { call } = useCalls()
  const [who, setWho] = useState<Person | null>(item.assignee ?? null)
  const [due, setDue] = useState(item.due_at ? fieldTime(Date.parse(item.due_at)) : '')
  const send = () => call(`/checklist/${item.id}`, 'PATCH', { ...(who ? { assignee_id: who.id } : {}), ...(due ? { due_at: new Date(due).toISOString() } : {}) })
  return (
    <FormDialog title={t('checklist.give')} submit={t('form.save')} close={close} check={() => (who || due ? null : t('checklist.needWho'))} send={send}>
      <PersonPick label={t('checklist.who')} value={who} choose={setWho} first={members.map((it) => it.user)} />
      <When due={due} change={setDue} />
    </FormDialog>
  )
}
