import { NumberInput, Radio, Textarea, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { FormDialog } from '../../ui/FormDialog'
import type { Closing, ClosingForm } from '../../wire'
import classes from './Dialogs.module.css'

const CAUSES = ['man', 'machine', 'material', 'method'] as const
const [LONGEST, LINE] = [500, 64]
const NAMES = ['cause', 'downtime_reason', 'countermeasures', 'part', 'lost_minutes'] as const

interface Props {
  closing: Closing
  submit: 'act.closed' | 'form.save'
  close: () => void
  send: (form: ClosingForm) => Promise<unknown>
  /** It may be kept while required fields are empty: the room is not closed by it. */
  partly?: boolean
}

/** Fields that are required and say nothing. Pure. */
export const lacking = (required: readonly string[], form: ClosingForm) => NAMES.filter((name) => required.includes(name) && !String(form[name] ?? '').trim())

/** What is written down about an incident before it is closed. The four M are keys for a thumb. */
export function ClosingDialog({ closing, submit, close, send, partly }: Props) {
  const { t } = useTranslation()
  const [form, setForm] = useState<ClosingForm>({ ...closing.form, lost_minutes: closing.form.lost_minutes ?? closing.proposed_minutes ?? null })
  const change = (part: Partial<ClosingForm>) => setForm({ ...form, ...part })
  const needed = (name: (typeof NAMES)[number]) => closing.required.includes(name)
  const check = () => {
    const missing = partly ? [] : lacking(closing.required, form)
    return missing.length === 0 ? null : t('closing.missing', { fields: missing.map((it) => t(`closing.${it}`)).join(t('room.list')) })
  }
  return (
    <FormDialog title={t(partly ? 'roomMenu.closing' : 'closing.title')} submit={t(submit)} close={close} check={check} send={() => send(form)}>
      <Radio.Group label={t('closing.cause')} required={needed('cause')} value={form.cause ?? null} onChange={(cause) => change({ cause: cause as ClosingForm['cause'] })}>
        <div className={classes.four}>
          {CAUSES.map((it) => (
            <Radio.Card key={it} value={it} className={classes.key}>
              {t(`closing.causes.${it}`)}
            </Radio.Card>
          ))}
        </div>
      </Radio.Group>
      <Textarea size="md" label={t('closing.causeText')} maxLength={LONGEST} rows={2} value={form.cause_text ?? ''} onChange={(event) => change({ cause_text: event.currentTarget.value })} />
      <Textarea size="md" label={t('closing.countermeasures')} required={needed('countermeasures')} maxLength={LONGEST} rows={2} value={form.countermeasures ?? ''} onChange={(event) => change({ countermeasures: event.currentTarget.value })} />
      <TextInput size="md" label={t('closing.downtime_reason')} required={needed('downtime_reason')} maxLength={LINE} value={form.downtime_reason ?? ''} onChange={(event) => change({ downtime_reason: event.currentTarget.value })} />
      <div className={classes.pair}>
        <TextInput size="md" label={t('closing.part')} required={needed('part')} maxLength={LINE} value={form.part ?? ''} onChange={(event) => change({ part: event.currentTarget.value })} />
        <NumberInput size="md" label={t('closing.lost_minutes')} required={needed('lost_minutes')} min={0} max={100_000} allowDecimal={false} inputMode="numeric" value={form.lost_minutes ?? ''} onChange={(value) => change({ lost_minutes: typeof value === 'number' ? value : null })} />
      </div>
    </FormDialog>
  )
}
