import { Menu } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { dateTime } from '../../lib/format'
import { Avatar } from '../../ui/Avatar'
import { Button } from '../../ui/Button'
import { Icon } from '../../ui/Icon'
import { StateChip } from '../../ui/StateChip'
import type { Act, Member } from '../../wire'
import { useView } from './context'
import { AddMemberDialog, AskDialog, type Asked } from './MemberDialogs'
import classes from './Tabs.module.css'
import { useCalls } from './useCalls'

/** Roles one may be given; who owns it is another question. */
const ROLES = ['lead', 'responder', 'viewer', 'guest'] as const
const ORDER: ReadonlyArray<Member['role']> = ['owner', 'lead', 'responder', 'viewer', 'guest']

/** By role, then by name: the owner first. Pure. */
export const inOrder = (members: readonly Member[]) => [...members].sort((a, b) => ORDER.indexOf(a.role) - ORDER.indexOf(b.role) || a.user.name.localeCompare(b.user.name, 'zh-Hant'))

function MemberMenu({ member, ask }: { member: Member; ask: (asked: Asked) => void }) {
  const { t } = useTranslation()
  const { snapshot, me, offline } = useView()
  const { run } = useCalls()
  const { can } = snapshot
  const mine = member.user.id === me.id
  const may = (act: Act) => can.includes(act)
  const [hands, roles, removes, leaves] = [may('transfer') && member.role !== 'owner' && member.user.kind !== 'machine', may('change_role'), may('remove_member') && !mine, mine && may('leave')]
  if (!hands && !roles && !removes && !leaves) return null
  return (
    <Menu position="bottom-end" shadow="md">
      <Menu.Target>
        <Button quiet icon="more" height={44} disabled={offline} aria-label={t('members.more', { name: member.user.name })} />
      </Menu.Target>
      <Menu.Dropdown>
        {hands && (
          <Menu.Item leftSection={<Icon name="take" />} onClick={() => ask({ what: 'transfer', member })}>
            {t('members.transfer')}
          </Menu.Item>
        )}
        {roles && (
          <>
            <Menu.Label>{t('members.role')}</Menu.Label>
            {ROLES.map((role) => (
              <Menu.Item key={role} leftSection={<Icon name={role === member.role ? 'check' : 'me'} />} disabled={role === member.role} onClick={() => void run(`/members/${member.user.id}`, 'PATCH', { role })}>
                {t(`roomRole.${role}`)}
              </Menu.Item>
            ))}
            {(removes || leaves) && <Menu.Divider />}
          </>
        )}
        {removes && (
          <Menu.Item leftSection={<Icon name="left_room" />} onClick={() => ask({ what: 'remove', member })}>
            {t('members.remove')}
          </Menu.Item>
        )}
        {leaves && (
          <Menu.Item leftSection={<Icon name="signOut" />} onClick={() => ask({ what: 'leave', member })}>
            {t('members.leave')}
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  )
}

function MemberLine({ member, ask }: { member: Member; ask: (asked: Asked) => void }) {
  const { t, i18n } = useTranslation()
  const { snapshot, me, here } = useView()
  const { room } = snapshot
  const online = here.count === null ? undefined : here.online.has(member.user.id)
  const onSite = room.status === 'on_site'
  return (
    <li className={`${classes.line} ${classes.member}`}>
      <Avatar person={member.user} me={member.user.id === me.id} online={online} />
      <span className="grow">
        <b>{member.user.name}</b> <em>{member.user.kind === 'bot' ? t('room.bot') : t(`roomRole.${member.role}`)}</em>
        <small>
          {online !== undefined && <span>{t(online ? 'talk.isOnline' : 'talk.isOffline')}</span>}
          {member.until && <span>{t('members.until', { time: dateTime(member.until, i18n.language) })}</span>}
        </small>
      </span>
      {room.owner?.id === member.user.id && <StateChip word={t(onSite ? 'status.on_site' : 'card.owner')} icon={onSite ? 'arrive' : 'take'} />}
      <MemberMenu member={member} ask={ask} />
    </li>
  )
}

/** 成員: who is in, as what, and who is online; add, hand over, change, remove. */
export function Members() {
  const { t } = useTranslation()
  const { snapshot, here, offline } = useView()
  const { run } = useCalls()
  const [adding, setAdding] = useState(false)
  const [asked, setAsked] = useState<Asked | null>(null)
  const { can, members, room } = snapshot
  return (
    <div className={classes.tab}>
      {here.count !== null && <p className={classes.online}>{t('talk.online', { count: here.count })}</p>}
      {!room.owner && <p className={classes.online}>{t('card.nobody')}</p>}
      <ul aria-label={t('room.members')}>
        {inOrder(members).map((it) => (
          <MemberLine key={it.user.id} member={it} ask={setAsked} />
        ))}
      </ul>
      <div className={classes.acts}>
        {can.includes('join') && (
          <Button icon="joined" height={44} disabled={offline} onClick={() => void run('/members', 'POST', {})}>
            {t('members.join')}
          </Button>
        )}
        {can.includes('add_member') && (
          <Button icon="add" height={44} disabled={offline} onClick={() => setAdding(true)}>
            {t('members.add')}
          </Button>
        )}
      </div>
      {adding && <AddMemberDialog close={() => setAdding(false)} />}
      {asked && <AskDialog asked={asked} close={() => setAsked(null)} />}
    </div>
  )
}
