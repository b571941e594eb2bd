import { useQuery } from '@tanstack/react-query'
import { useRest } from '../../lib/rest'
import type { RoomRow } from '../../wire'

/** The code of another room that a row speaks of; undefined where I may not open that room. */
export function useCodeOf(roomId: string): string | undefined {
  const rest = useRest()
  const { data } = useQuery({
    queryKey: ['rooms', 'one', roomId],
    queryFn: () => rest<RoomRow>(`/api/rooms/${roomId}`),
    staleTime: Infinity,
    retry: false,
  })
  return data?.room.code
}
