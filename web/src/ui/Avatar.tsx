import { initialsOf } from '../lib/format'
import type { Person } from '../wire'
import classes from './Avatar.module.css'

interface Props {
  person: Pick<Person, 'name' | 'kind'>
  size?: number
  me?: boolean
  /** A full dot or a hollow ring at the corner; the word for it stands beside. */
  online?: boolean
}

/** A grey square with the family name; people are never told apart by colour. */
export function Avatar({ person, size = 32, me, online }: Props) {
  const style = { width: size, height: size, fontSize: size < 28 ? 'var(--t-xs)' : 'var(--t-sm)' }
  return (
    <span className={classes.avatar} data-me={me} data-kind={person.kind} data-online={online} style={style} aria-hidden="true">
      {initialsOf(person.name)}
    </span>
  )
}
