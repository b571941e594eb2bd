import { MantineProvider } from '@mantine/core'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { createMemoryHistory, createRootRoute, createRoute, createRouter, Outlet, RouterProvider } from '@tanstack/react-router'
import { render } from '@testing-library/react'
import type { ReactNode } from 'react'
import { type Rest, RestContext } from '../lib/rest'

/** A hub that knows nothing; a page that asks has its own, see `drawWithRest`. */
const silent = (() => Promise.resolve(null)) as unknown as Rest

/** Draws a page where its links lead somewhere. */
export async function draw(page: ReactNode) {
  const root = createRootRoute({ component: Outlet })
  const here = createRoute({ getParentRoute: () => root, path: '/', component: () => page })
  const room = createRoute({ getParentRoute: () => root, path: '/rooms/$roomId', component: () => null })
  const router = createRouter({ routeTree: root.addChildren([here, room]), history: createMemoryHistory() })
  const drawn = render(
    <MantineProvider env="test">
      <QueryClientProvider client={new QueryClient()}>
        <RestContext value={silent}>
          <RouterProvider router={router as never} />
        </RestContext>
      </QueryClientProvider>
    </MantineProvider>,
  )
  await drawn.findByRole('heading', { level: 1 })
  return { ...drawn, router }
}
