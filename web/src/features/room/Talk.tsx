import { useHotkeys } from '@mantine/hooks'
import { useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { serverNow } from '../../lib/clock'
import { decode, mentionsOf } from '../../lib/mentions'
import type { Pending } from '../../log/outbox'
import { createTypist } from '../../log/typist'
import { say } from '../../ui/toast'
import type { Act, Message, Person } from '../../wire'
import { ThumbBar } from './ActBar'
import { hasEnded } from './acts'
import { Composer } from './Composer'
import { type RoomView, RowContext, type RowDeeds } from './context'
import { AddDialog, ConflictDialog, HistoryDialog, RemoveDialog } from './Dialogs'
import { type Draft, EMPTY, joined, useDraft } from './draft'
import { MessageSheet } from './MessageSheet'
import { callable, mayEdit, myGroups, roleIn } from './rights'
import classes from './RoomPage.module.css'
import { Timeline } from './Timeline'
import { TypingLine } from './TypingLine'
import type { Callable } from './useCalling'

type Dialog =
  | { kind: 'remove' | 'history' | 'sheet'; message: Message }
  | { kind: 'add'; person: Person; done: (added: boolean) => void }
  | { kind: 'conflict'; theirs: Message; mine: string }

/** A message that is being changed, and its text so far. */
interface Editing {
  message: Message
  draft: Draft
}

const DRAFTED = 'room_closed'

/** What was refused because the room had ended waits as a draft. */
function useKept({ pending, discard }: RoomView, draft: Draft, setDraft: (draft: Draft) => void, asDraft: (entry: Pending) => Draft): void {
  const { t } = useTranslation()
  const taken = useRef(new Set<string>())
  useEffect(() => {
    const kept = pending.filter((it) => it.state === 'failed' && it.reason === DRAFTED && !taken.current.has(it.id))
    if (kept.length === 0) return
    for (const { id } of kept) taken.current.add(id)
    setDraft(kept.map(asDraft).reduce(joined, draft))
    for (const { id } of kept) discard(id)
    say(t('talk.draftKept', { count: kept.length }))
  })
}

function ReadOnly({ why, draft }: { why: 'readOnly' | 'closed'; draft: Draft }) {
  const { t } = useTranslation()
  return (
    <p className={classes.readOnly}>
      {t(`compose.${why}`)}
      {why === 'closed' && draft.text !== '' && (
        <>
          <span>{t('talk.draftWaits')}</span>
          <q>{draft.text}</q>
        </>
      )}
    </p>
  )
}

/** Writes: a new message, or another text for one that is there. */
function useWriting(view: RoomView, show: (dialog: Dialog | null) => void) {
  const { snapshot, me, deeds, typing } = view
  const [draft, setDraft] = useDraft(`draft.${me.id}.${snapshot.room.id}`)
  const [editing, setEditing] = useState<Editing | null>(null)
  const field = useRef<HTMLTextAreaElement>(null)
  const typist = useMemo(() => createTypist({ say: typing, now: Date.now }), [typing])
  useEffect(() => typist.stopped, [typist])
  const people = snapshot.members.map((it) => it.user)

  const asDraft = (content: string, message?: Message): Draft => {
    const { people: called = [], absent = [] } = message ? mentionsOf(message) : {}
    return decode(content, [...people, ...called, ...absent])
  }
  const focus = () => requestAnimationFrame(() => field.current?.focus())
  const begin = (message: Message, content = message.content) => {
    setEditing({ message, draft: asDraft(content, message) })
    focus()
  }
  const end = () => {
    setEditing(null)
    focus()
  }

  async function save(content: string): Promise<void> {
    if (!editing) return
    const { message } = editing
    if (content === message.content) return end()
    const answer = await deeds.edit(message, content)
    if (answer === 'done') end()
    else if (answer !== 'refused') show({ kind: 'conflict', theirs: answer, mine: content })
  }

  function decide(theirs: Message, mine: string, which: 'theirs' | 'mine'): void {
    show(null)
    if (which === 'theirs') return end()
    setEditing({ message: theirs, draft: asDraft(mine, theirs) })
    void deeds.edit(theirs, mine).then((answer) => {
      if (answer === 'done') end()
      else if (answer !== 'refused') show({ kind: 'conflict', theirs: answer, mine })
    })
  }

  const editLast = () => {
    const mine = snapshot.messages.findLast((it) => mayEdit(it, me, serverNow()))
    if (mine) begin(mine)
  }
  return { draft, setDraft, editing, setEditing, field, typist, asDraft, begin, end, save, decide, editLast, focus }
}

/** The same list as long as it says the same: it is made anew with every event. */
function useSame(can: readonly Act[]): readonly Act[] {
  const said = can.join()
  return useMemo(() => said.split(',') as Act[], [said])
}

/** Timeline and composer, and what opens over them. */
export function Talk({ view, phone }: { view: RoomView; phone: boolean }) {
  const { snapshot, me, post, discard, deeds } = view
  const [dialog, show] = useState<Dialog | null>(null)
  const writing = useWriting(view, show)
  const { draft, setDraft, editing, field, typist } = writing
  useKept(view, draft, setDraft, (entry) => writing.asDraft(entry.content))
  useHotkeys([['r', () => field.current?.focus()]])

  const role = roleIn(snapshot.members, me)
  const can = useSame(snapshot.can)
  const why = snapshot.can.includes('post') ? null : me.role !== 'viewer' && hasEnded(snapshot.room) ? 'closed' : 'readOnly'
  const latest = useRef(writing)
  useEffect(() => void (latest.current = writing))
  const row: RowDeeds = useMemo(
    () => ({
      me,
      can,
      groups: myGroups(role),
      mayWrite: why === null,
      phone,
      react: deeds.react,
      unread: deeds.unread,
      copy: (message) => deeds.copy(latest.current.asDraft(message.content, message).text),
      edit: (message) => latest.current.begin(message),
      remove: (message) => show({ kind: 'remove', message }),
      history: (message) => show({ kind: 'history', message }),
      sheet: (message) => show({ kind: 'sheet', message }),
      add: (person) => show({ kind: 'add', person, done: () => show(null) }),
    }),
    [me, can, role, why, phone, deeds],
  )
  const members = useMemo(() => snapshot.members.map((it) => it.user), [snapshot.members])
  const source: Callable = useMemo(
    () => ({
      members: members.filter((it) => it.id !== me.id),
      groups: callable(can),
      people: deeds.people,
      invite: (person) =>
        new Promise((resolve) => {
          const done = (added: boolean) => {
            show(null)
            resolve(added)
          }
          show({ kind: 'add', person, done })
        }),
    }),
    [members, me, can, deeds],
  )
  /** A refused message goes back into the field to be changed. */
  const again = (entry: Pending) => {
    setDraft(joined(draft, writing.asDraft(entry.content)))
    discard(entry.id)
    writing.focus()
  }
  const close = () => show(null)
  const write = editing
    ? {
        draft: editing.draft,
        setDraft: (next: Draft) => writing.setEditing({ ...editing, draft: next }),
        post: (content: string) => void writing.save(content),
        cancelEdit: writing.end,
      }
    : {
        draft,
        setDraft,
        post: (content: string) => {
          post(content)
          setDraft(EMPTY)
        },
        editLast: writing.editLast,
        wrote: typist.wrote,
        stopped: typist.stopped,
      }
  return (
    <RowContext value={row}>
      <section className={classes.talk}>
        <Timeline edit={again} />
        <div className={classes.dock}>
          <TypingLine />
          {why ? <ReadOnly why={why} draft={draft} /> : <Composer {...write} field={field} callable={source} />}
          {phone && !editing && <ThumbBar />}
        </div>
      </section>
      <MessageSheet message={dialog?.kind === 'sheet' ? dialog.message : null} close={close} />
      {dialog?.kind === 'remove' && <RemoveDialog message={dialog.message} close={close} />}
      {dialog?.kind === 'history' && <HistoryDialog message={dialog.message} close={close} />}
      {dialog?.kind === 'add' && <AddDialog person={dialog.person} done={dialog.done} />}
      {dialog?.kind === 'conflict' && <ConflictDialog theirs={dialog.theirs} mine={dialog.mine} choose={(which) => writing.decide(dialog.theirs, dialog.mine, which)} />}
    </RowContext>
  )
}
