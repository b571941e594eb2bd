import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { Avatar } from '../../ui/Avatar'
import { Button } from '../../ui/Button'
import { Icon } from '../../ui/Icon'
import { useView } from './context'
import { Crumbs } from './Crumbs'
import { MoreMenu } from './MoreMenu'
import classes from './RoomPage.module.css'
import { useActs } from './useActs'

/** Where this room is: site, line, machine, code; and who is in it. `details` opens the card where it has no column. */
export function CrumbBar({ details }: { details?: () => void }) {
  const { snapshot, me, here } = useView()
  const { t } = useTranslation()
  const { room, members } = snapshot
  return (
    <header className={classes.top}>
      <div className={classes.crumb}>
        <Crumbs room={room} code />
      </div>
      <span className={classes.faces}>
        {members.slice(0, 4).map((it) => (
          <Avatar key={it.user.id} person={it.user} size={24} me={it.user.id === me.id} />
        ))}
        <span>{[t('room.people', { count: members.length }), here.count !== null && t('talk.online', { count: here.count })].filter(Boolean).join(' · ')}</span>
      </span>
      {details && <Button quiet icon="details" aria-label={t('room.details')} height={44} onClick={details} />}
    </header>
  )
}

/** On a phone rare steps stand in the bar: the thumb has only what comes next. */
export function PhoneBar({ details }: { details: () => void }) {
  const { snapshot, here } = useView()
  const acts = useActs()
  const { t } = useTranslation()
  const { room, members } = snapshot
  const facts = [room.line, t('room.people', { count: members.length }), here.count !== null && t('talk.online', { count: here.count })]
  return (
    <header className={classes.phoneTop}>
      <Link to="/" className={classes.back} aria-label={t('nav.back')}>
        <Icon name="left" size={24} />
      </Link>
      <div className="grow">
        <b>{room.code}</b>
        <small>{facts.filter(Boolean).join(' · ')}</small>
      </div>
      <Button quiet icon="details" height={48} aria-label={t('room.details')} onClick={details} />
      <MoreMenu acts={acts} height={48} />
      {acts.question}
    </header>
  )
}
