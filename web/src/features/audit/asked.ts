/** What is looked for; empty fields ask nothing. `from` and `to` are days of the device (`2026-11-24`), both included. */
export interface Asked {
  text: string
  action: string
  from: string
  to: string
}

export const NOTHING: Asked = { text: '', action: '', from: '', to: '' }

function startOfDay(day: string, later = 0): string | null {
  const [year, month, date] = day.split('-').map(Number)
  if (!year || !month || !date) return null
  return new Date(year, month - 1, date + later).toISOString()
}

export function asQuery(asked: Asked, cursor: string | null): Record<string, string> {
  const given = { text: asked.text.trim(), action: asked.action.trim(), from: startOfDay(asked.from), to: startOfDay(asked.to, 1), cursor }
  return Object.fromEntries(Object.entries(given).filter((it): it is [string, string] => Boolean(it[1])))
}
