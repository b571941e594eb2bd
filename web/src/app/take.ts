import { useCallback } from 'react'
import type { Room, Status } from '../wire'
import { useAct } from './acts'

/** Take an incident from a list. */
export function useTake() {
  const act = useAct()
  return useCallback((room: Room, to: Status) => void act(room, to), [act])
}
