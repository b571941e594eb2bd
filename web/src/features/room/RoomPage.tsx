import { Drawer } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { roomName } from '../../lib/format'
import { Band, PhoneCard } from './Band'
import { CrumbBar, PhoneBar } from './Bars'
import { PHONE } from './Composer'
import { RoomContext, type RoomView } from './context'
import { Panel } from './Panel'
import classes from './RoomPage.module.css'
import { Talk } from './Talk'

const WIDE = '(min-width: 75.01em)'
const instantly = { getInitialValueInEffect: false }

function useTitle({ snapshot }: RoomView): void {
  const { i18n, t } = useTranslation()
  const { room } = snapshot
  const { machine, fault } = roomName(room, i18n.language)
  const title = [machine, fault].filter(Boolean).join(' ')
  useEffect(() => {
    document.title = `${title} · ${t('app.name')}`
  }, [title, t])
}

/** The room of one incident: what, since when, who, what next; the talk; the card. */
export function RoomPage({ view }: { view: RoomView }) {
  const { t } = useTranslation()
  const phone = useMediaQuery(PHONE, false, instantly)
  const wide = useMediaQuery(WIDE, true, instantly)
  const [sheet, setSheet] = useState(false)
  useTitle(view)
  const open = () => setSheet(true)
  return (
    <RoomContext value={view}>
      <div className={classes.room} data-live={view.live} data-seq={view.snapshot.as_of_seq}>
        {phone ? <PhoneBar details={open} /> : <CrumbBar details={wide ? undefined : open} />}
        {view.strip}
        {phone ? <PhoneCard /> : <Band />}
        <div className={classes.columns} data-wide={wide}>
          <Talk view={view} phone={phone} />
          {wide && (
            <aside className={classes.panel} aria-label={t('room.card')}>
              <Panel />
            </aside>
          )}
        </div>
      </div>
      <Drawer
        opened={sheet && !wide}
        onClose={() => setSheet(false)}
        position={phone ? 'bottom' : 'right'}
        size={phone ? '82%' : 420}
        title={view.snapshot.room.code}
        closeButtonProps={{ 'aria-label': t('room.close'), size: 48, iconSize: 22 }}
        classNames={{ content: classes.sheet, header: classes.sheetHead, body: classes.sheetBody }}
      >
        <Panel />
      </Drawer>
    </RoomContext>
  )
}
