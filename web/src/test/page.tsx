import { MantineProvider } from '@mantine/core'
import { createMemoryHistory, createRootRoute, createRoute, createRouter, Outlet, RouterProvider } from '@tanstack/react-router'
import { render } from '@testing-library/react'
import type { ReactNode } from 'react'

/** Draws a page where its links lead somewhere. */
export async function draw(page: ReactNode) {
  const root = createRootRoute({ component: Outlet })
  const here = createRoute({ getParentRoute: () => root, path: '/', component: () => page })
  const room = createRoute({ getParentRoute: () => root, path: '/rooms/$roomId', component: () => null })
  const router = createRouter({ routeTree: root.addChildren([here, room]), history: createMemoryHistory() })
  const drawn = render(
    <MantineProvider env="test">
      <RouterProvider router={router as never} />
    </MantineProvider>,
  )
  await drawn.findByRole('heading', { level: 1 })
  return { ...drawn, router }
}
