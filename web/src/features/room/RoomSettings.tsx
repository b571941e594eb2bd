import { SegmentedControl, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../ui/Button'
import { FormDialog } from '../../ui/FormDialog'
import type { Room } from '../../wire'
import { useView } from './context'
import classes from './Dialogs.module.css'
import { useCalls } from './useCalls'

const VISIBLE: ReadonlyArray<Room['visibility']> = ['members', 'line', 'plant']

/** Taking the room out of the list, or back into it: one tap, it can be taken back. */
function Archive({ close }: { close: () => void }) {
  const { t } = useTranslation()
  const { can } = useView().snapshot
  const { run } = useCalls()
  const back = can.includes('unarchive')
  if (!back && !can.includes('archive')) return null
  const word = back ? 'roomSettings.unarchive' : 'roomSettings.archive'
  const tell = () => void run('/archive', back ? 'DELETE' : 'PUT').then((done) => done && close())
  return (
    <div className={classes.apart}>
      <p className={classes.note}>{t(`${word}Text`)}</p>
      <Button height={44} icon={back ? 'undo' : 'archive'} onClick={tell}>
        {t(word)}
      </Button>
    </div>
  )
}

/** Name, who may see it, line; archive at the end. What one may not change is not there. */
export function RoomSettings({ close }: { close: () => void }) {
  const { t } = useTranslation()
  const { room, can } = useView().snapshot
  const { call } = useCalls()
  const [title, setTitle] = useState(room.title)
  const [line, setLine] = useState(room.line ?? '')
  const [visibility, setVisibility] = useState(room.visibility)
  const [names, place] = [can.includes('rename'), can.includes('change_visibility')]
  const changed = {
    ...(title.trim() !== room.title && { title: title.trim() }),
    ...(line.trim() && line.trim() !== room.line && { line: line.trim() }),
    ...(visibility !== room.visibility && { visibility }),
  }
  const check = () => (title.trim() ? null : t('roomSettings.needTitle'))
  const save = async () => void (Object.keys(changed).length > 0 && (await call('', 'PATCH', changed)))
  return (
    <FormDialog title={t('roomMenu.settings')} submit={t('form.save')} close={close} check={check} send={save} plain={!names && !place}>
      {names && <TextInput size="md" label={t('roomSettings.title')} required maxLength={200} value={title} onChange={(event) => setTitle(event.currentTarget.value)} />}
      {place && (
        <>
          <div>
            <div className={classes.label} id="visibility">
              {t('roomSettings.visibility')}
            </div>
            <SegmentedControl fullWidth size="md" aria-labelledby="visibility" data={VISIBLE.map((value) => ({ value, label: t(`roomSettings.visible.${value}`) }))} value={visibility} onChange={(value) => setVisibility(value as Room['visibility'])} />
            <p className={classes.hint}>{t(`roomSettings.visibleText.${visibility}`)}</p>
          </div>
          <TextInput size="md" label={t('roomSettings.line')} maxLength={64} value={line} onChange={(event) => setLine(event.currentTarget.value)} />
        </>
      )}
      <Archive close={close} />
    </FormDialog>
  )
}
