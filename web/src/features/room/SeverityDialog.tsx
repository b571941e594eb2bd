import { Radio, Textarea } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { rankOf } from '../../log/lobby'
import type { Severity } from '../../wire'
import { FormDialog } from '../../ui/FormDialog'
import { SeverityMark } from '../../ui/SeverityMark'
import { useView } from './context'
import classes from './Dialogs.module.css'
import { useCalls } from './useCalls'

const ALL: readonly Severity[] = ['critical', 'high', 'medium', 'low', 'diagnostic']
const LONGEST = 500

/** Another severity: upwards at once, downwards with the reason that stands in the timeline. */
export function SeverityDialog({ close }: { close: () => void }) {
  const { t } = useTranslation()
  const { snapshot } = useView()
  const { call } = useCalls()
  const { room, can } = snapshot
  const [severity, setSeverity] = useState<Severity>(room.severity)
  const [reason, setReason] = useState('')
  const step = rankOf(severity) - rankOf(room.severity)
  const may = (it: Severity) => it === room.severity || can.includes(rankOf(it) < rankOf(room.severity) ? 'raise_severity' : 'lower_severity')
  const check = () => (step === 0 ? t('severityDialog.same') : step > 0 && !reason.trim() ? t('severityDialog.needReason') : null)
  const send = () => call('', 'PATCH', { severity, ...(reason.trim() ? { reason: reason.trim() } : {}) })
  return (
    <FormDialog title={t('roomMenu.severity')} submit={t('form.save')} close={close} check={check} send={send}>
      <Radio.Group value={severity} onChange={(value) => setSeverity(value as Severity)} aria-label={t('roomMenu.severity')}>
        {ALL.filter(may).map((it) => (
          <Radio.Card key={it} value={it} className={classes.choice}>
            <Radio.Indicator />
            <SeverityMark severity={it} size={24} />
            <b>{t(`severity.${it}`)}</b>
            {it === room.severity && <span>{t('severityDialog.now')}</span>}
          </Radio.Card>
        ))}
      </Radio.Group>
      {step !== 0 && <Textarea size="md" label={t('reason.label')} description={t(step > 0 ? 'reason.stands' : 'reason.optional')} required={step > 0} rows={2} maxLength={LONGEST} value={reason} onChange={(event) => setReason(event.currentTarget.value)} />}
    </FormDialog>
  )
}

/** A false alarm ends the incident: one may say why. */
export function FalseAlarmDialog({ close, send }: { close: () => void; send: (reason: string) => Promise<void> }) {
  const { t } = useTranslation()
  const [reason, setReason] = useState('')
  return (
    <FormDialog title={t('falseAlarm.title')} submit={t('act.falseAlarm')} close={close} send={() => send(reason.trim())}>
      <p className={classes.note}>{t('falseAlarm.text')}</p>
      <Textarea size="md" label={t('reason.label')} description={t('reason.optional')} rows={2} maxLength={LONGEST} value={reason} onChange={(event) => setReason(event.currentTarget.value)} data-autofocus />
    </FormDialog>
  )
}
