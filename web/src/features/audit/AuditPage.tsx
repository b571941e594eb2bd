import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { queryOf } from '../../lib/api'
import { Problem } from '../../lib/problem'
import { useRest } from '../../lib/rest'
import { saveFile } from '../../lib/saveFile'
import { reasonOf } from '../../lib/words'
import { Button } from '../../ui/Button'
import { EmptyState, ErrorState } from '../../ui/EmptyState'
import { Section } from '../../ui/Section'
import { say } from '../../ui/toast'
import type { AuditPage as Page, AuditState } from '../../wire'
import { type Asked, asQuery, NOTHING } from './asked'
import { Chain } from './Chain'
import { Entries } from './Entries'
import { Filters } from './Filters'

function usePages(asked: Asked) {
  const rest = useRest()
  return useInfiniteQuery({
    queryKey: ['audit', asked],
    queryFn: ({ pageParam }) => rest<Page>(`/api/audit${queryOf(asQuery(asked, pageParam))}`),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.cursor ?? null,
    staleTime: 0,
  })
}

/** Hands a file of the hub's to the browser. */
function useExport(asked: Asked) {
  const rest = useRest()
  const { t } = useTranslation()
  return async (format: 'csv' | 'jsonl') => {
    try {
      saveFile(await rest.download(`/api/audit/export${queryOf({ ...asQuery(asked, null), format })}`), `audit.${format}`)
    } catch (why) {
      say(t('talk.failed', { act: t('audit.export'), reason: reasonOf(why, t) }))
    }
  }
}

/** Audit 稽核: who did what, and the proof that nobody changed it afterwards. */
export function AuditPage() {
  const { t } = useTranslation()
  const rest = useRest()
  const [asked, ask] = useState<Asked>(NOTHING)
  const pages = usePages(asked)
  const save = useExport(asked)
  const state = useQuery({ queryKey: ['audit-state'], queryFn: () => rest<AuditState>('/api/audit/state'), refetchInterval: 10_000 })
  const entries = pages.data?.pages.flatMap((it) => it.entries) ?? []
  const acts = (
    <>
      <Button icon="download" onClick={() => void save('csv')}>
        CSV
      </Button>
      <Button icon="download" onClick={() => void save('jsonl')}>
        JSON
      </Button>
    </>
  )
  return (
    <Section title={t('audit.title')} lead={t('audit.lead')} acts={acts}>
      {state.data && <Chain state={state.data} />}
      <Filters asked={asked} ask={ask} />
      {pages.isError && entries.length === 0 && <ErrorState text={t('state.error')} code={pages.error instanceof Problem ? pages.error.code : 'internal'} retry={() => void pages.refetch()} />}
      {entries.length > 0 && <Entries entries={entries} />}
      {pages.isSuccess && entries.length === 0 && <EmptyState text={t('audit.none')} />}
      {pages.hasNextPage && (
        <Button quiet icon="down" height={48} busy={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
          {t('audit.more')}
        </Button>
      )}
    </Section>
  )
}
