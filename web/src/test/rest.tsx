import { Notifications } from '@mantine/notifications'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { type Rest, RestContext } from '../lib/rest'
import { draw } from './page'

export type Asked = { method?: string; body?: unknown }

/** Draws a page that asks the hub by paths; `told` is what it was told to change, in words. */
export async function drawWithRest(page: ReactNode, answer: (path: string, call: Asked) => unknown = () => null) {
  const told: string[] = []
  const rest = async (path: string, call: Asked = {}) => {
    if (call.method) told.push(`${call.method} ${path.replace(/^\/api/, '')} ${JSON.stringify(call.body ?? null)}`)
    return answer(path, call) ?? null
  }
  const drawn = await draw(
    <QueryClientProvider client={new QueryClient({ defaultOptions: { queries: { retry: false } } })}>
      <RestContext value={rest as unknown as Rest}>
        {page}
        <Notifications />
      </RestContext>
    </QueryClientProvider>,
  )
  return { ...drawn, told }
}
