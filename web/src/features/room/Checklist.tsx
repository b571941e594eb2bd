import { Menu } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNow } from '../../lib/clock'
import { dateTime, dayKey, textIn, timeOf } from '../../lib/format'
import { useRest } from '../../lib/rest'
import { Button } from '../../ui/Button'
import { Icon } from '../../ui/Icon'
import type { ChecklistItem, RoomChecklist } from '../../wire'
import { GiveDialog, NewItemDialog } from './ChecklistDialogs'
import { useView } from './context'
import classes from './Tabs.module.css'
import { useCalls } from './useCalls'

type State = NonNullable<ChecklistItem['state']>

const isOpen = (item: ChecklistItem) => (item.state ?? 'open') === 'open'

/** How far it is: items that are done or skipped, of all. */
export const progress = (items: readonly ChecklistItem[]) => `${items.filter((it) => !isOpen(it)).length}/${items.length}`

/** Today it is the clock time that counts. */
function Due({ item }: { item: ChecklistItem }) {
  const { t, i18n } = useTranslation()
  const now = useNow()
  if (!item.due_at || !isOpen(item)) return null
  const late = Date.parse(item.due_at) < now
  const time = dayKey(item.due_at) === dayKey(now) ? timeOf(item.due_at) : dateTime(item.due_at, i18n.language)
  return (
    <span className={classes.due} data-late={late}>
      <Icon name="clock" size={14} /> {t(late ? 'checklist.late' : 'checklist.due', { time })}
    </span>
  )
}

function Facts({ item }: { item: ChecklistItem }) {
  const { t } = useTranslation()
  const who = item.assignee?.name ?? item.team
  const done = !isOpen(item) && item.by && item.at
  return (
    <small className={classes.facts}>
      {who && <span>{who}</span>}
      <Due item={item} />
      {done && <span>{t(`checklist.by_${item.state as 'done'}`, { name: item.by?.name, time: timeOf(item.at ?? '') })}</span>}
    </small>
  )
}

function ItemMenu({ item, give, change }: { item: ChecklistItem; give: () => void; change: (body: object) => void }) {
  const { t } = useTranslation()
  const { me } = useView()
  return (
    <Menu position="bottom-end" shadow="md">
      <Menu.Target>
        <Button quiet icon="more" height={44} aria-label={t('checklist.more')} />
      </Menu.Target>
      <Menu.Dropdown>
        {isOpen(item) && (
          <Menu.Item leftSection={<Icon name="hide" />} onClick={() => change({ state: 'skipped' })}>
            {t('checklist.skip')}
          </Menu.Item>
        )}
        {item.assignee?.id !== me.id && (
          <Menu.Item leftSection={<Icon name="take" />} onClick={() => change({ assignee_id: me.id })}>
            {t('checklist.mine')}
          </Menu.Item>
        )}
        <Menu.Item leftSection={<Icon name="joined" />} onClick={give}>
          {t('checklist.give')}
        </Menu.Item>
        {(item.assignee || item.team) && (
          <Menu.Item leftSection={<Icon name="left_room" />} onClick={() => change({ unassign: true })}>
            {t('checklist.unassign')}
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  )
}

function Item({ item, may, give }: { item: ChecklistItem; may: boolean; give: (item: ChecklistItem) => void }) {
  const { t, i18n } = useTranslation()
  const { run } = useCalls()
  const [busy, setBusy] = useState(false)
  const text = textIn(item.text, i18n.language)
  const change = (body: object) => {
    setBusy(true)
    void run(`/checklist/${item.id}`, 'PATCH', body).finally(() => setBusy(false))
  }
  const next: State = isOpen(item) ? 'done' : 'open'
  const mark = item.state === 'done' ? 'check' : item.state === 'skipped' ? 'skip' : null
  return (
    <li className={classes.item} data-state={item.state ?? 'open'}>
      <button type="button" role="checkbox" aria-checked={item.state === 'done'} aria-label={`${text}${item.state === 'skipped' ? ` (${t('checklist.skipped')})` : ''}`} className={classes.box} disabled={!may || busy} onClick={() => change({ state: next })} title={may ? t(next === 'done' ? 'checklist.check' : 'checklist.undo') : undefined}>
        <span>{mark && <Icon name={mark} size={16} />}</span>
      </button>
      <div className="grow">
        <div className={classes.text}>{text}</div>
        <Facts item={item} />
      </div>
      {may && <ItemMenu item={item} give={() => give(item)} change={change} />}
    </li>
  )
}

/** What helps: links of the template the room was opened by. */
function Runbooks() {
  const { t, i18n } = useTranslation()
  const rest = useRest()
  const { room } = useView().snapshot
  const { data } = useQuery({ queryKey: ['rooms', 'template', room.id], queryFn: () => rest<RoomChecklist>(`/api/rooms/${room.id}/checklist`) })
  const books = data?.template?.runbooks ?? []
  if (books.length === 0) return null
  return (
    <section aria-label={t('checklist.runbooks')}>
      <h2 className={classes.heading}>{t('checklist.runbooks')}</h2>
      <ul>
        {books.map((it) => (
          <li key={it.url} className={classes.line}>
            <Icon name="runbook" size={20} />
            <a href={it.url} target="_blank" rel="noreferrer noopener" className={classes.name}>
              {textIn(it.title, i18n.language)}
            </a>
          </li>
        ))}
      </ul>
    </section>
  )
}

/** 檢核: what is to be done here, by whom and until when. */
export function Checklist() {
  const { t } = useTranslation()
  const { snapshot, offline } = useView()
  const [adding, setAdding] = useState(false)
  const [giving, setGiving] = useState<ChecklistItem | null>(null)
  const items = snapshot.checklist ?? []
  const may = snapshot.can.includes('post') && !offline
  return (
    <div className={classes.tab}>
      {items.length === 0 && <p className={classes.empty}>{t('checklist.empty')}</p>}
      <ul aria-label={t('checklist.title')}>
        {items.map((it) => (
          <Item key={it.id} item={it} may={may} give={setGiving} />
        ))}
      </ul>
      {may && (
        <div className={classes.acts}>
          <Button icon="add" height={44} onClick={() => setAdding(true)}>
            {t('checklist.add')}
          </Button>
        </div>
      )}
      <Runbooks />
      {adding && <NewItemDialog close={() => setAdding(false)} />}
      {giving && <GiveDialog item={giving} close={() => setGiving(null)} />}
    </div>
  )
}
