import type { HTMLAttributes, ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { timeOf } from '../../lib/format'
import type { Member, Person } from '../../wire'
import classes from './Timeline.module.css'

interface FrameProps {
  /** The seq of what is shown; none while it is on its way. */
  seq?: number
  at: string
  seconds?: boolean
  marker: ReactNode
  kind: string
  first?: boolean
  /** It calls me. */
  called?: boolean
  /** How the row answers to pointer and keyboard. */
  handles?: HTMLAttributes<HTMLDivElement>
  children: ReactNode
}

/** Time 76, marker 32, text: the three columns every voice keeps. */
export function Frame({ seq, at, seconds, marker, kind, first, called, handles, children }: FrameProps) {
  return (
    <div className={classes.row} data-seq={seq} data-kind={kind} data-first={first} data-called={called || undefined} {...handles}>
      <time dateTime={at} title={timeOf(at, true)}>
        <span>{timeOf(at)}</span>
        {seconds && <span className={classes.seconds}>{timeOf(at, true).slice(5)}</span>}
      </time>
      <div className={classes.marker}>{marker}</div>
      <div className={classes.body}>{children}</div>
    </div>
  )
}

const roleOf = (members: readonly Member[], person: Person | null) => members.find((it) => it.user.id === person?.id)?.role

export function Who({ person, me, members }: { person: Person | null; me: string; members: readonly Member[] }) {
  const { t } = useTranslation()
  const role = roleOf(members, person)
  return (
    <div className={classes.who}>
      <b>{person ? person.name : t('system.someone')}</b>
      {person?.id === me && <span>{t('room.you')}</span>}
      {person?.kind === 'bot' && <span>{t('room.bot')}</span>}
      {role && role !== 'responder' && <span>{t(`roomRole.${role}`)}</span>}
    </div>
  )
}
