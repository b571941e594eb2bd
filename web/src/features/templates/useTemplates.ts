import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query'
import { useRest } from '../../lib/rest'
import type { Pattern, PreviewTemplate, RoomPage, RoomTemplate, Team, TemplateList, TemplatePreview, TemplateVersion, TemplateView } from '../../wire'

export function useTemplates(archived: boolean) {
  const rest = useRest()
  return useQuery({ queryKey: ['templates', archived], queryFn: () => rest<TemplateList>(`/api/templates${archived ? '?archived=true' : ''}`), staleTime: 0 })
}

/** It is read again only when something was done with it: a form must not lose what was typed. */
export function useTemplate(id: string) {
  const rest = useRest()
  return useQuery({ queryKey: ['template', id], queryFn: () => rest<TemplateView>(`/api/templates/${id}`), staleTime: 0, gcTime: 0, refetchOnReconnect: false })
}

export function useVersions(id: string) {
  const rest = useRest()
  return useQuery({ queryKey: ['template-versions', id], queryFn: () => rest<TemplateVersion[]>(`/api/templates/${id}/versions`), staleTime: 0 })
}

/** What can be done with templates; every list and page shows it at once. */
export function useTemplateActs() {
  const rest = useRest()
  const queries = useQueryClient()
  const done = async <T>(act: Promise<T>): Promise<T> => {
    const answer = await act
    await Promise.all(['templates', 'template', 'template-versions'].map((key) => queries.invalidateQueries({ queryKey: [key] })))
    return answer
  }
  return {
    add: (body: RoomTemplate) => done(rest<TemplateView>('/api/templates', { method: 'POST', body })),
    /** Refused (`edit_conflict`) when `version` is no longer the newest. */
    replace: (id: string, body: RoomTemplate, version: number) => done(rest<TemplateView>(`/api/templates/${id}`, { method: 'PUT', body, version })),
    archive: (id: string) => done(rest(`/api/templates/${id}`, { method: 'DELETE' })),
    restore: (id: string, version: number) => done(rest<TemplateView>(`/api/templates/${id}/restore`, { method: 'POST', body: { version } })),
    newest: (id: string) => rest<TemplateView>(`/api/templates/${id}`),
    again: () => done(Promise.resolve()),
  }
}

export type Acts = ReturnType<typeof useTemplateActs>

/** Past rooms, the newest first, to try templates on. */
export function usePastRooms() {
  const rest = useRest()
  return useQuery({ queryKey: ['template-rooms'], queryFn: async () => (await rest<RoomPage>('/api/rooms?limit=50')).rooms.map((it) => it.room), staleTime: 30_000 })
}

/** Words the plant has for places, teams and shifts, to choose from. */
export function useKnown() {
  const rest = useRest()
  const rooms = usePastRooms().data ?? []
  const teams = useQuery({ queryKey: ['teams', false], queryFn: () => rest<Team[]>('/api/teams'), staleTime: 30_000 }).data ?? []
  const patterns = useQuery({ queryKey: ['template-shifts'], queryFn: () => rest<Pattern[]>('/api/shifts/patterns'), staleTime: 30_000 }).data ?? []
  const words = (found: ReadonlyArray<string | null | undefined>) => [...new Set(found.filter((it): it is string => Boolean(it)))].sort()
  return {
    teams,
    machines: words(rooms.map((it) => it.machine)),
    lines: words([...rooms.map((it) => it.line), ...teams.flatMap((it) => it.lines)]),
    areas: words(rooms.map((it) => it.area)),
    sites: words(rooms.map((it) => it.site)),
    shifts: words(patterns.flatMap((it) => it.pattern.shifts.map((shift) => shift.key))),
  }
}

export type Known = ReturnType<typeof useKnown>

/** What a template would do; the last answer stands while the next one is on its way. */
export function usePreview(asked: PreviewTemplate) {
  const rest = useRest()
  return useQuery({ queryKey: ['template-preview', asked], queryFn: () => rest<TemplatePreview>('/api/templates/preview', { method: 'POST', body: asked }), placeholderData: keepPreviousData, staleTime: 0, retry: false })
}
