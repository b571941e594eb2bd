import { initialsOf } from '../lib/format'
import type { Person } from '../wire'
import classes from './Avatar.module.css'

/** A grey square with the family name; people are never told apart by colour. */
export function Avatar({ person, size = 32, me }: { person: Pick<Person, 'name' | 'kind'>; size?: number; me?: boolean }) {
  const style = { width: size, height: size, fontSize: size < 28 ? 'var(--t-xs)' : 'var(--t-sm)' }
  return (
    <span className={classes.avatar} data-me={me} data-kind={person.kind} style={style} aria-hidden="true">
      {initialsOf(person.name)}
    </span>
  )
}
