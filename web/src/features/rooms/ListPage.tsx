import { TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Problem } from '../../lib/problem'
import { Button } from '../../ui/Button'
import { EmptyState, ErrorState } from '../../ui/EmptyState'
import { Icon } from '../../ui/Icon'
import type { RoomRow as Row } from '../../wire'
import classes from './List.module.css'
import { type FiltersProps, ListFilters } from './ListFilters'
import now from './Now.module.css'
import { type Act, RoomRow } from './RoomRow'
import { Views, type ViewsProps } from './Views'
import { Waiting } from './Waiting'
import { useWalk } from './walk'

export interface ListProps extends FiltersProps, Omit<ViewsProps, 'ask'> {
  /** Null while nothing has been read. */
  rows: readonly Row[] | null
  /** How many there are in all; null while it is not known. */
  total: number | null
  /** Read the next page; null at the end. */
  more: (() => void) | null
  loading: boolean
  problem: Problem | null
  retry: () => void
  act: Act | null
}

const WAIT_MS = 300

/** Words go into the address once one stops typing; an address that changes elsewhere comes into the field. */
function Field({ q, tell }: { q: string; tell: (q: string) => void }) {
  const { t } = useTranslation()
  const [text, setText] = useState(q)
  const [shown, setShown] = useState(q)
  const tellSoon = useDebouncedCallback(tell, WAIT_MS)
  if (shown !== q) {
    setShown(q)
    if (text.trim() !== q) setText(q)
  }
  const type = (next: string) => {
    setText(next)
    tellSoon(next.trim())
  }
  return <TextInput size="md" type="search" className="grow" aria-label={t('incidents.field')} placeholder={t('incidents.hint')} leftSection={<Icon name="search" />} maxLength={100} value={text} onChange={(event) => type(event.currentTarget.value)} />
}

function Rows({ rows, act, more, loading }: Pick<ListProps, 'act' | 'more' | 'loading'> & { rows: readonly Row[] }) {
  const { t } = useTranslation()
  if (rows.length === 0) return <EmptyState title={t('incidents.empty')} text={t('incidents.emptyHint')} />
  return (
    <>
      <ul className={now.list} aria-label={t('incidents.title')}>
        {rows.map((row) => (
          <RoomRow key={row.room.id} row={row} act={act} />
        ))}
      </ul>
      {more && (
        <div className={classes.more}>
          <Button icon="down" height={48} busy={loading} onClick={more}>
            {t('incidents.more')}
          </Button>
        </div>
      )}
    </>
  )
}

/** Incidents 事件: every incident one may see, by filters, words and order; a view can be kept. */
export function ListPage(props: ListProps) {
  const { t } = useTranslation()
  const { wanted, ask, rows, total, more, loading, problem, retry, act } = props
  const page = useRef<HTMLDivElement>(null)
  useWalk(page)
  return (
    <div className={now.page} ref={page}>
      <div className={now.inner}>
        <header className={classes.head}>
          <h1 className={now.title}>{t('incidents.title')}</h1>
          <span className="muted" role="status">
            {total !== null && t('incidents.count', { count: total })}
          </span>
          <span className="grow" />
          <Views {...props} />
        </header>
        <div className="row">
          <Field q={wanted.q ?? ''} tell={(q) => ask({ ...wanted, q })} />
        </div>
        <ListFilters {...props} />
        {problem && <ErrorState text={t('incidents.failed')} code={problem.code} retry={retry} />}
        {!rows && !problem && <Waiting />}
        {rows && !problem && <Rows rows={rows} act={act} more={more} loading={loading} />}
      </div>
    </div>
  )
}
