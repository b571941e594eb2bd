import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Problem } from '../lib/problem'
import { ErrorState } from './EmptyState'
import classes from './Loaded.module.css'

/** What a query brought; grey blocks while it is on its way, and a way on when it failed. */
export function Loaded<T>({ query, children }: { query: UseQueryResult<T>; children: (data: T) => ReactNode }) {
  const { t } = useTranslation()
  if (query.data !== undefined) return children(query.data)
  if (query.isPending) return <div className={classes.blocks} role="status" aria-label={t('state.loading')} />
  const code = query.error instanceof Problem ? query.error.code : 'internal'
  return <ErrorState text={t('state.error')} code={code} retry={() => void query.refetch()} />
}
