import type { ReactNode } from 'react'
import { EmptyState } from './EmptyState'
import classes from './List.module.css'

interface Props {
  /** What the table holds, for those who cannot see it. */
  label: string
  /** Names of the columns; an empty one is of buttons. */
  heads: readonly string[]
  /** One cell per head. */
  rows: ReadonlyArray<{ key: string; cells: readonly ReactNode[] }>
  /** What stands here when there is no row. */
  empty: string
}

/** A table; on a phone each row is a card with its columns' names. */
export function List({ label, heads, rows, empty }: Props) {
  if (rows.length === 0) return <EmptyState text={empty} />
  return (
    <table className={classes.list} aria-label={label}>
      <thead>
        <tr>
          {heads.map((it) => (
            <th key={it} scope="col">
              {it}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(({ key, cells }) => (
          <tr key={key}>
            {cells.map((it, place) => (
              <td key={heads[place]} data-title={heads[place]}>
                {it}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}
