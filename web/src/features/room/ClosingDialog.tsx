import { Modal, NumberInput, Select, Textarea } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../ui/Button'
import type { Closing, ClosingForm } from '../../wire'
import classes from './Band.module.css'

const CAUSES = ['man', 'machine', 'material', 'method'] as const
const LONGEST = 500

interface Props {
  /** The form as it is; null while nothing is asked. */
  closing: Closing | null
  cancel: () => void
  save: (form: ClosingForm) => void
}

/** What must be written down before this incident is closed. */
export function ClosingDialog({ closing, cancel, save }: Props) {
  const { t } = useTranslation()
  return (
    <Modal opened={closing !== null} onClose={cancel} title={t('closing.title')} withCloseButton={false}>
      {closing && <Fields closing={closing} cancel={cancel} save={save} />}
    </Modal>
  )
}

function Fields({ closing, cancel, save }: Props & { closing: Closing }) {
  const { t } = useTranslation()
  const [form, setForm] = useState<ClosingForm>({ ...closing.form, lost_minutes: closing.form.lost_minutes ?? closing.proposed_minutes ?? null })
  const change = (part: Partial<ClosingForm>) => setForm({ ...form, ...part })
  const needed = (name: string) => closing.required.includes(name)
  const lacking = (['cause', 'countermeasures'] as const).some((name) => needed(name) && !form[name]?.trim())
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!lacking) save(form)
  }
  return (
    <form onSubmit={submit}>
        <Select
          label={t('closing.cause')}
          required={needed('cause')}
          data={CAUSES.map((value) => ({ value, label: t(`closing.causes.${value}`) }))}
          value={form.cause ?? null}
          onChange={(cause) => change({ cause: cause as ClosingForm['cause'] })}
          allowDeselect={false}
          data-autofocus
        />
        <Textarea label={t('closing.causeText')} maxLength={LONGEST} autosize value={form.cause_text ?? ''} onChange={(event) => change({ cause_text: event.currentTarget.value })} />
        <Textarea
          label={t('closing.countermeasures')}
          required={needed('countermeasures')}
          maxLength={LONGEST}
          autosize
          value={form.countermeasures ?? ''}
          onChange={(event) => change({ countermeasures: event.currentTarget.value })}
        />
        <NumberInput
          label={t('closing.lostMinutes')}
          min={0}
          max={100_000}
          allowDecimal={false}
          value={form.lost_minutes ?? ''}
          onChange={(value) => change({ lost_minutes: typeof value === 'number' ? value : null })}
        />
        <div className={classes.answers}>
          <Button height={48} onClick={cancel}>
            {t('act.cancel')}
          </Button>
          <Button height={48} primary type="submit" disabled={lacking}>
            {t('act.closed')}
          </Button>
        </div>
      </form>
  )
}
