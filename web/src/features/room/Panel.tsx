import { Tabs } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { exactTimeOf, figureOf, textIn, timeOf } from '../../lib/format'
import { Avatar } from '../../ui/Avatar'
import { SeverityMark } from '../../ui/SeverityMark'
import { StateChip } from '../../ui/StateChip'
import type { IncidentData, Member, Room } from '../../wire'
import { cardOf, type Lead, leadOf, limitWords } from './card'
import { Checklist, progress } from './Checklist'
import { useView } from './context'
import { Crumbs, placesOf } from './Crumbs'
import { Members } from './Members'
import classes from './Panel.module.css'
import { Related } from './Related'

interface Fact {
  label: string
  value: ReactNode
  /** Codes and keys, as the machine writes them. */
  mono?: boolean
}

function Facts({ facts }: { facts: Fact[] }) {
  const known = facts.filter(({ value }) => value !== null && value !== undefined && value !== '')
  return (
    <dl className={classes.facts}>
      {known.map(({ label, value, mono }) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd className={mono ? 'mono' : undefined}>{value}</dd>
        </div>
      ))}
    </dl>
  )
}

function W({ name, children }: { name: 'who' | 'what' | 'when' | 'where' | 'object'; children: ReactNode }) {
  const { t } = useTranslation()
  return (
    <section className={classes.w} aria-label={t(`room.w.${name}`)}>
      <div className={classes.k} aria-hidden="true">
        {t(`room.w.${name}`)}
      </div>
      <div className={classes.v}>{children}</div>
    </section>
  )
}

function PersonLine({ member, room, me, online }: { member: Member; room: Room; me: string; online?: boolean }) {
  const { t } = useTranslation()
  const owns = room.owner?.id === member.user.id
  const onSite = room.status === 'on_site'
  return (
    <li>
      <Avatar person={member.user} size={24} me={member.user.id === me} online={online} />
      <span className="ell">
        <b>{member.user.name}</b> <em>{member.user.kind === 'bot' ? t('room.bot') : t(`roomRole.${member.role}`)}</em>
        {online !== undefined && <span className="visually-hidden">{t(online ? 'talk.isOnline' : 'talk.isOffline')}</span>}
      </span>
      {owns ? <StateChip word={t(onSite ? 'status.on_site' : 'card.owner')} icon={onSite ? 'arrive' : 'take'} /> : <span />}
    </li>
  )
}

function People({ most }: { most: number }) {
  const { snapshot, me, here } = useView()
  const { t } = useTranslation()
  const { room, members } = snapshot
  const known = here.count !== null
  const ownerFirst = [...members].sort((a, b) => Number(b.user.id === room.owner?.id) - Number(a.user.id === room.owner?.id))
  const rest = members.length - most
  return (
    <ul className={classes.people}>
      {!room.owner && <li className={classes.nobody}>{t('card.nobody')}</li>}
      {ownerFirst.slice(0, most).map((it) => (
        <PersonLine key={it.user.id} member={it} room={room} me={me.id} online={known ? here.online.has(it.user.id) : undefined} />
      ))}
      {rest > 0 && <li className={classes.nobody}>{t('card.more', { count: rest })}</li>}
    </ul>
  )
}

const seconds = (ms: number) => `${ms < 0 ? '−' : '+'}${(Math.abs(ms) / 1000).toFixed(2)} s`

/** How far the machine's clock and the hub's lie apart, by the raise. */
function Offset({ card, loggedAt }: Lead) {
  const ms = Date.parse(loggedAt) - Date.parse(card.times.raised_at)
  return <span data-far={Math.abs(ms) > 2000}>{seconds(ms)}</span>
}

function OtherAlarms({ lead }: { lead: IncidentData }) {
  const { snapshot } = useView()
  const { t, i18n } = useTranslation()
  const others = snapshot.messages.map(cardOf).filter((it) => it !== null && it.occurrence_id !== lead.occurrence_id) as IncidentData[]
  if (others.length === 0) return null
  return (
    <ul className={classes.others} aria-label={t('card.alarms')}>
      {others.slice(-6).map((it) => (
        <li key={it.occurrence_id} data-active={it.state.active !== false}>
          <SeverityMark severity={it.severity} size={16} />
          <span className="ell">{textIn(it.text, i18n.language, it.key)}</span>
          <small>{it.state.active === false ? t('alarm.returned') : timeOf(it.times.raised_at)}</small>
        </li>
      ))}
      {others.length > 6 && <li className={classes.nobody}>{t('card.moreAlarms', { count: others.length - 6 })}</li>}
    </ul>
  )
}

function What({ card }: { card: IncidentData }) {
  const { t } = useTranslation()
  const value = card.value === null || card.value === undefined ? null : [figureOf(card.value), card.unit].filter(Boolean).join(' ')
  const quality = card.quality && card.quality !== 'good' ? t(`quality.${card.quality}`) : null
  return (
    <W name="what">
      <Facts
        facts={[
          { label: t('card.code'), value: card.code, mono: true },
          { label: t('card.value'), value: value && [value, limitWords(card, t)].filter(Boolean).join(t('room.comma')) },
          { label: t('card.count'), value: t('card.times', { n: card.count }) },
          { label: t('card.native'), value: card.native_severity },
          { label: t('card.condition'), value: card.condition },
          { label: t('card.quality'), value: quality },
          { label: t('card.defects'), value: card.defects?.join(', '), mono: true },
        ]}
      />
      <OtherAlarms lead={card} />
    </W>
  )
}

function When({ card, loggedAt }: Lead) {
  const { t } = useTranslation()
  const { source_at, raised_at, returned_at } = card.times
  return (
    <W name="when">
      <Facts
        facts={[
          { label: t('card.sourceTime'), value: source_at ? exactTimeOf(raised_at) : null },
          { label: t('card.hubTime'), value: exactTimeOf(loggedAt) },
          { label: t('card.offset'), value: source_at ? <Offset card={card} loggedAt={loggedAt} /> : null },
          { label: t('card.returned'), value: returned_at ? timeOf(returned_at, true) : null },
        ]}
      />
    </W>
  )
}

function Raw({ card }: { card: IncidentData }) {
  const { t } = useTranslation()
  if (card.raw === null || card.raw === undefined) return null
  return (
    <details className={classes.raw}>
      <summary>{t('room.raw')}</summary>
      <pre>{JSON.stringify(card.raw, null, 2)}</pre>
    </details>
  )
}

/** The incident in the order plants say it: 人 事 時 地 物. */
export function IncidentCard() {
  const { snapshot } = useView()
  const { t } = useTranslation()
  const { room } = snapshot
  const lead = leadOf(snapshot.messages)
  const card = lead?.card
  const object: Fact[] = [
    { label: t('card.category'), value: t(`category.${room.category}`) },
    { label: t('card.source'), value: card?.source, mono: true },
    { label: t('card.key'), value: card?.key, mono: true },
  ]
  return (
    <div className={classes.card}>
      <W name="who">
        <People most={5} />
      </W>
      {card && <What card={card} />}
      {lead && <When {...lead} />}
      {(placesOf(room).length > 0 || card?.station) && (
        <W name="where">
          <Crumbs room={room} />
          {card?.station && <Facts facts={[{ label: t('card.station'), value: card.station }]} />}
        </W>
      )}
      <W name="object">
        <Facts facts={object} />
      </W>
      {card && <Raw card={card} />}
    </div>
  )
}

/** Beside the timeline on desktops, in a sheet elsewhere. */
export function Panel() {
  const { snapshot } = useView()
  const { t } = useTranslation()
  const { checklist = [], members, links } = snapshot
  return (
    <Tabs defaultValue="card" keepMounted={false} className={classes.panel} classNames={{ list: classes.tabs, tab: classes.tab, panel: classes.content }}>
      <Tabs.List>
        <Tabs.Tab value="card">{t('room.card')}</Tabs.Tab>
        <Tabs.Tab value="checklist">
          {t('checklist.title')} {checklist.length > 0 && <span>{progress(checklist)}</span>}
        </Tabs.Tab>
        <Tabs.Tab value="people">
          {t('room.members')} <span>{members.length}</span>
        </Tabs.Tab>
        <Tabs.Tab value="related">
          {t('related.title')} {links.length > 0 && <span>{links.length}</span>}
        </Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="card">
        <IncidentCard />
      </Tabs.Panel>
      <Tabs.Panel value="checklist">
        <Checklist />
      </Tabs.Panel>
      <Tabs.Panel value="people">
        <Members />
      </Tabs.Panel>
      <Tabs.Panel value="related">
        <Related />
      </Tabs.Panel>
    </Tabs>
  )
}
