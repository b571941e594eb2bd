import { notifications } from '@mantine/notifications'
import type { ReactNode } from 'react'

const STAYS_MS = 5000

/** One toast at a time, for what the person just did: a newer act makes the older one's undo pointless. */
export function say(message: ReactNode): void {
  notifications.clean()
  notifications.show({ message, autoClose: STAYS_MS, withCloseButton: false })
}

export const silence = () => notifications.clean()
