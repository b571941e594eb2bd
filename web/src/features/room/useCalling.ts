import { type RefObject, useEffect, useState } from 'react'
import type { Group, Picked } from '../../lib/mentions'
import type { Person } from '../../wire'
import { type Asked, askedAt, type Choice, choicesOf, insert, nameOfChoice } from './calling'

/** Who can be called, and how others are found and added. */
export interface Callable {
  members: readonly Person[]
  groups: readonly Group[]
  people: (q: string) => Promise<Person[]>
  /** Ask whether to add somebody who is not in the room; answers whether they are now. */
  invite: (person: Person) => Promise<boolean>
}

const PAUSE_MS = 150

/** Others by name, asked for a moment after the typing; what is no longer asked for is thrown away. */
function useOthers(q: string | null, people: Callable['people']): readonly Person[] {
  const [found, setFound] = useState<{ q: string; people: readonly Person[] }>({ q: '', people: [] })
  useEffect(() => {
    if (!q) return
    let here = true
    const timer = setTimeout(() => {
      people(q).then((all) => here && setFound({ q, people: all }), () => undefined)
    }, PAUSE_MS)
    return () => {
      here = false
      clearTimeout(timer)
    }
  }, [q, people])
  return q && found.q === q ? found.people : NONE
}

const NONE: readonly Person[] = []

interface Props {
  field: RefObject<HTMLTextAreaElement | null>
  text: string
  callable: Callable
  /** Puts the new text, with who was picked. */
  put: (text: string, picked: Picked | null) => void
}

export interface Calling {
  choices: Choice[]
  at: number
  /** Look where the caret stands, after typing, clicking and walking. */
  look: () => void
  close: () => void
  choose: (choice: Choice) => void
  /** Keys of the list; true when the key was one. */
  onKey: (key: string) => boolean
}

/** The list that opens at an `@`. */
export function useCalling({ field, text, callable, put }: Props): Calling {
  const [asked, setAsked] = useState<Asked | null>(null)
  const [at, setAt] = useState(0)
  const others = useOthers(asked?.q ?? null, callable.people)
  const choices = asked ? choicesOf(asked.q, callable.members, callable.groups, others) : []
  const here = Math.min(at, choices.length - 1)
  const close = () => setAsked(null)

  const look = () => {
    const it = field.current
    const next = it && it.selectionStart === it.selectionEnd ? askedAt(it.value, it.selectionStart) : null
    if (next?.from !== asked?.from || next?.q !== asked?.q) setAt(0)
    setAsked(next)
  }

  function write(choice: Choice, place: Asked): void {
    const it = field.current
    if (!it) return
    const caret = place.from + 1 + place.q.length
    const done = insert(text, caret, place, nameOfChoice(choice))
    put(done.text, choice.kind === 'person' ? { id: choice.person.id, name: choice.person.name } : null)
    // The field has the new text after React drew it.
    requestAnimationFrame(() => {
      it.focus()
      it.setSelectionRange(done.caret, done.caret)
    })
  }

  function choose(choice: Choice): void {
    const place = asked
    close()
    if (!place) return
    if (choice.kind === 'group' || !choice.outside) return write(choice, place)
    void callable.invite(choice.person).then((added) => (added ? write(choice, place) : field.current?.focus()))
  }

  function onKey(key: string): boolean {
    const choice = choices[here]
    if (!choice) return false
    if (key === 'Escape') close()
    else if (key === 'ArrowDown') setAt((here + 1) % choices.length)
    else if (key === 'ArrowUp') setAt((here + choices.length - 1) % choices.length)
    else if (key === 'Enter' || key === 'Tab') choose(choice)
    else return false
    return true
  }

  return { choices, at: here, look, close, choose, onKey }
}
