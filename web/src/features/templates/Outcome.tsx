import { useTranslation } from 'react-i18next'
import { textIn, timeOf } from '../../lib/format'
import { Icon } from '../../ui/Icon'
import { StateChip } from '../../ui/StateChip'
import type { PreviewItem, PreviewMember, TemplatePreview } from '../../wire'
import { assignedIn, reasonIn, reasonNot } from './reasons'
import classes from './Templates.module.css'

interface Props {
  preview: TemplatePreview
  /** Of the template that is tried; null for one that is not kept yet. */
  id: string | null
  name: string
}

/** Whether this template is the one, else which one is, and why. */
function Verdict({ preview, id, name }: Props) {
  const { t } = useTranslation()
  const { matches, why, why_not, winner, winner_name, winner_why } = preview
  const wins = winner_name !== null && (id === null ? winner === null && winner_name === name : winner === id)
  const list = (reasons: readonly string[]) => reasons.join(t('templates.and'))
  const reasons = wins ? list(why.map((it) => reasonIn(it, t))) : matches ? t('templates.alsoMatches', { other: winner_name }) : list(why_not.map((it) => reasonNot(it, t)))
  const other = !wins && winner_name !== null ? t('templates.otherWins', { other: winner_name, why: list(winner_why.map((it) => reasonIn(it, t))) }) : !wins && t('templates.noneWins')
  return (
    <div className={classes.verdict} data-wins={wins} role="status">
      <Icon name={wins ? 'check' : 'info'} size={20} />
      <div>
        <b>{wins ? t('templates.wins') : t(matches ? 'templates.loses' : 'templates.matchesNot')}</b>
        <p>{reasons}</p>
        {other && <p>{other}</p>}
      </div>
    </div>
  )
}

function People({ members }: { members: readonly PreviewMember[] }) {
  const { t } = useTranslation()
  if (members.length === 0) return <p className={classes.note}>{t('templates.nobody')}</p>
  return (
    <ul className={classes.people}>
      {members.map((it) => (
        <li key={it.person.id}>
          <b>{it.person.name}</b> <StateChip word={t(`roomRole.${it.room_role}`)} look="outline" />
          <small>{it.why.map((reason) => reasonIn(reason, t)).join(t('templates.and'))}</small>
        </li>
      ))}
    </ul>
  )
}

function Items({ items }: { items: readonly PreviewItem[] }) {
  const { t, i18n } = useTranslation()
  if (items.length === 0) return <p className={classes.note}>{t('templates.noItems')}</p>
  const facts = ({ item, due_at, wanted, why }: PreviewItem) => [
    !wanted && t('templates.leftOut', { why: why.map((it) => reasonNot(it, t)).join(t('templates.and')) }),
    wanted && assignedIn(item),
    wanted && due_at && t('templates.dueAt', { minutes: item.due_minutes, at: timeOf(due_at) }),
    wanted && why.map((it) => reasonIn(it, t)).join(t('templates.and')),
  ]
  return (
    <ul className={classes.items}>
      {items.map((it, place) => (
        <li key={place} data-wanted={it.wanted}>
          {textIn(it.item.text, i18n.language)}
          <small>{facts(it).filter(Boolean).join(' · ')}</small>
        </li>
      ))}
    </ul>
  )
}

/** What the hub says the template would bring. */
export function Outcome(props: Props) {
  const { t, i18n } = useTranslation()
  const { preview } = props
  const mineFirst = Object.entries(preview.welcome).sort(([one]) => (one === i18n.language ? -1 : 1))
  const wanted = preview.checklist.filter((it) => it.wanted).length
  return (
    <>
      <Verdict {...props} />
      <h3>{t('templates.roomName')}</h3>
      <p className={classes.named}>{preview.name || '—'}</p>
      {preview.shifts.length > 0 && <p className={classes.note}>{t('templates.onShiftNow', { shifts: preview.shifts.join(t('room.list')) })}</p>}
      <h3>{t('templates.membersCount', { count: preview.members.length })}</h3>
      <People members={preview.members} />
      <h3>{t('templates.checklistCount', { count: wanted })}</h3>
      <Items items={preview.checklist} />
      <h3>{t('templates.welcome')}</h3>
      {mineFirst.length === 0 && <p className={classes.note}>{t('templates.noWelcome')}</p>}
      {mineFirst.map(([language, text]) => (
        <div key={language} className={classes.said} lang={language}>
          <small>{t(`language.${language}`, { defaultValue: language })}</small>
          <p>{text}</p>
        </div>
      ))}
      {(preview.warnings ?? []).map((it, place) => (
        <p key={place} className={classes.warning}>
          {reasonIn(it, t)}
        </p>
      ))}
    </>
  )
}
