import { MantineProvider } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { Notifications } from '@mantine/notifications'
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { RestContext } from '../lib/rest'
import { useStore } from '../lib/store'
import { ClientContext } from '../log/react'
import { schemeOf, showAppearance, useAppearance } from '../ui/appearance'
import { EmptyState } from '../ui/EmptyState'
import { resolver, theme } from '../ui/theme'
import { HubContext } from './context'
import type { Hub } from './hub'
import { router } from './router'
import { SignInRoute } from './SignInRoute'

function Page({ hub }: { hub: Hub }) {
  const presence = useStore(hub.presence)
  const { t } = useTranslation()
  if (!presence.known) return presence.away ? <EmptyState title={t('app.name')} text={t('net.away')} /> : null
  return presence.me ? <RouterProvider router={router} /> : <SignInRoute ended={presence.ended} />
}

/** Wakes the socket when the network or the eyes come back, and lets it beat. */
function usePulse(hub: Hub): void {
  useEffect(() => {
    const seen = () => void (document.hidden || hub.socket.wake())
    const beat = setInterval(hub.socket.tick, 500)
    window.addEventListener('online', hub.socket.wake)
    document.addEventListener('visibilitychange', seen)
    return () => {
      clearInterval(beat)
      window.removeEventListener('online', hub.socket.wake)
      document.removeEventListener('visibilitychange', seen)
    }
  }, [hub])
}

export function App({ hub }: { hub: Hub }) {
  const appearance = useAppearance()
  const deviceDark = useMediaQuery('(prefers-color-scheme: dark)', false, { getInitialValueInEffect: false })
  usePulse(hub)
  useEffect(() => showAppearance(appearance), [appearance, deviceDark])
  return (
    <MantineProvider theme={theme} cssVariablesResolver={resolver} forceColorScheme={schemeOf(appearance, deviceDark)}>
      <QueryClientProvider client={hub.queries}>
        <HubContext value={hub}>
          <ClientContext value={hub.client}>
            <RestContext value={hub.api.rest}>
              <Page hub={hub} />
            </RestContext>
          </ClientContext>
          <Notifications position="top-center" containerWidth={420} zIndex={350} />
        </HubContext>
      </QueryClientProvider>
    </MantineProvider>
  )
}
