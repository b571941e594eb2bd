import { Link } from '@tanstack/react-router'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { roomName } from '../../lib/format'
import { useRest } from '../../lib/rest'
import { Button } from '../../ui/Button'
import { SeverityMark } from '../../ui/SeverityMark'
import type { LinkedRoom, RoomRow } from '../../wire'
import { useView } from './context'
import classes from './Tabs.module.css'
import { LinkDialog, MergeDialog } from './RoomPick'
import { useCalls } from './useCalls'

const KINDS = ['into', 'from', 'related'] as const

/** One linked room; of one that I may not see there is only that it is there. */
function Linked({ link }: { link: LinkedRoom }) {
  const { t, i18n } = useTranslation()
  const rest = useRest()
  const { can } = useView().snapshot
  const { run } = useCalls()
  const { data } = useQuery({ queryKey: ['rooms', 'one', link.room_id], queryFn: () => rest<RoomRow>(`/api/rooms/${link.room_id}`), staleTime: 0, retry: false })
  const room = data?.room
  const named = room && roomName(room, i18n.language)
  const name = named ? [named.machine, named.fault].filter(Boolean).join(' ') : t('related.hidden')
  return (
    <li className={classes.line}>
      {room ? <SeverityMark severity={room.severity} size={20} /> : <span />}
      <span className="grow">
        <Link to="/rooms/$roomId" params={{ roomId: link.room_id }} className={classes.name}>
          {name}
        </Link>
        {room && <small>{[room.code, t(`status.${room.status}`), room.owner?.name].filter(Boolean).join(' · ')}</small>}
      </span>
      {link.kind === 'related' && can.includes('link') && <Button quiet icon="close" height={44} aria-label={t('related.unlink', { code: room?.code ?? name })} onClick={() => void run(`/links/${link.room_id}`, 'DELETE')} />}
    </li>
  )
}

/** Rooms that have to do with this one: where it went on, what came into it, what is linked. */
export function Related() {
  const { t } = useTranslation()
  const { links, can } = useView().snapshot
  const [open, setOpen] = useState<'link' | 'merge' | null>(null)
  const close = () => setOpen(null)
  return (
    <div className={classes.tab}>
      {links.length === 0 && <p className={classes.empty}>{t('related.empty')}</p>}
      {KINDS.map((kind) => {
        const those = links.filter((it) => (it.kind ?? 'related') === kind)
        if (those.length === 0) return null
        return (
          <section key={kind} aria-label={t(`related.${kind}`)}>
            <h2 className={classes.heading}>{t(`related.${kind}`)}</h2>
            <ul>
              {those.map((it) => (
                <Linked key={it.room_id} link={it} />
              ))}
            </ul>
          </section>
        )
      })}
      <div className={classes.acts}>
        {can.includes('link') && (
          <Button icon="link" height={44} onClick={() => setOpen('link')}>
            {t('roomMenu.link')}
          </Button>
        )}
        {can.includes('merge') && (
          <Button icon="merge" height={44} onClick={() => setOpen('merge')}>
            {t('roomMenu.merge')}
          </Button>
        )}
      </div>
      {open === 'link' && <LinkDialog close={close} />}
      {open === 'merge' && <MergeDialog close={close} />}
    </div>
  )
}
