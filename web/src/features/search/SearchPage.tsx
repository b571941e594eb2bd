import { useInfiniteQuery } from '@tanstack/react-query'
import { type KeyboardEvent, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { Problem } from '../../lib/problem'
import { Button } from '../../ui/Button'
import { EmptyState, ErrorState } from '../../ui/EmptyState'
import type { Person, SearchPage as Page } from '../../wire'
import { type Asked, clean, forget, queryOf, recentOf, remember } from './asked'
import { Field } from './Field'
import { Filters, type FiltersProps } from './Filters'
import { Hits } from './Hits'
import classes from './SearchPage.module.css'

export interface SearchProps extends Omit<FiltersProps, 'people'> {
  me: Person
  search: (query: Record<string, string>) => Promise<Page>
}

/** The pages of a search, asked for one after the other. */
function usePages(asked: Asked, search: SearchProps['search']) {
  return useInfiniteQuery({
    queryKey: ['search', asked],
    queryFn: ({ pageParam }) => search(queryOf(asked, pageParam)),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next ?? null,
    enabled: Boolean(asked.q),
    retry: false,
    staleTime: 10_000,
  })
}

function Recent({ user, find }: { user: string; find: (q: string) => void }) {
  const { t } = useTranslation()
  const list = useRef<HTMLElement>(null)
  const recent = recentOf(user)
  if (recent.length === 0) return <EmptyState text={t('search.empty')} />
  const drop = () => {
    forget(user)
    if (list.current) list.current.hidden = true
  }
  return (
    <section ref={list} className={classes.recent} aria-label={t('search.recent')}>
      <h2>
        {t('search.recent')}
        <Button quiet height={32} onClick={drop}>
          {t('search.forget')}
        </Button>
      </h2>
      <ul>
        {recent.map((q) => (
          <li key={q}>
            <Button quiet icon="clock" height={44} data-hit onClick={() => find(q)}>
              {q}
            </Button>
          </li>
        ))}
      </ul>
    </section>
  )
}

/** Arrows move from the field through the hits and back; Enter opens, as with any link. */
function useArrows() {
  const page = useRef<HTMLDivElement>(null)
  const field = useRef<HTMLInputElement>(null)
  const move = (by: number) => {
    const hits = [...(page.current?.querySelectorAll<HTMLElement>('[data-hit]') ?? [])]
    const next = hits.indexOf(document.activeElement as HTMLElement) + by
    if (next < 0) field.current?.focus()
    else hits[Math.min(next, hits.length - 1)]?.focus()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (!by || !(event.target as HTMLElement).closest('[data-hit]')) return
    event.preventDefault()
    move(by)
  }
  return { page, field, onKeyDown, down: () => move(1) }
}

function Found({ asked, pages }: { asked: Asked; pages: ReturnType<typeof usePages> }) {
  const { t } = useTranslation()
  if (pages.isPending) return <div className={classes.blocks} role="status" aria-label={t('state.loading')} />
  const hits = pages.data?.pages.flatMap((it) => it.hits) ?? []
  const problem = pages.error && (pages.error instanceof Problem ? pages.error.code : 'internal')
  if (problem && hits.length === 0) return <ErrorState text={t('search.failed')} code={problem} retry={() => void pages.refetch()} />
  if (hits.length === 0 && !pages.hasNextPage) return <EmptyState title={t('search.none', { q: asked.q })} text={t('search.noneHint')} />
  return (
    <>
      <p className={classes.count} role="status">
        {t(pages.hasNextPage ? 'search.foundMore' : 'search.found', { count: hits.length })}
      </p>
      <Hits hits={hits} />
      {pages.hasNextPage && (
        <Button quiet icon="down" height={48} busy={pages.isFetchingNextPage} data-hit onClick={() => void pages.fetchNextPage()}>
          {t('search.more')}
        </Button>
      )}
    </>
  )
}

/** Whom one can choose: those who said what was found, and oneself. */
function peopleIn(me: Person, pages: readonly Page[]): Person[] {
  const said = pages.flatMap((it) => it.hits).flatMap(({ message }) => (message.sender?.kind === 'person' ? [message.sender] : []))
  return [...new Map([me, ...said].map((it) => [it.id, it])).values()]
}

/** Search 搜尋: one field; hits by room, each in its sentence; a hit leads to its place in the room's talk. */
export function SearchPage({ me, search, asked, ask, ...places }: SearchProps) {
  const { t } = useTranslation()
  const pages = usePages(asked, search)
  const { page, field, onKeyDown, down } = useArrows()
  const find = (q: string) => {
    if (q) remember(me.id, q)
    ask(clean({ ...asked, q }))
  }
  return (
    // The keys belong to the links inside; they only bubble through here.
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions
    <div className={classes.page} ref={page} onKeyDown={onKeyDown}>
      <div className={classes.inner}>
        <h1 className={classes.title}>{t('search.title')}</h1>
        <Field q={asked.q ?? ''} find={find} down={down} field={field} />
        <Filters asked={asked} ask={(next) => ask(clean(next))} people={peopleIn(me, pages.data?.pages ?? [])} {...places} />
        {asked.q ? <Found asked={asked} pages={pages} /> : <Recent user={me.id} find={find} />}
      </div>
    </div>
  )
}
