import { Fragment, memo, type ReactNode } from 'react'
import { type Block, type Inline, parse } from '../lib/markdown'
import { callsIn, type Group, namesOf } from '../lib/mentions'
import type { Person } from '../wire'
import classes from './RichText.module.css'

export interface Calls {
  /** Everybody whose name may stand in the text. */
  people: readonly Person[]
  groups?: readonly Group[]
  /** Who reads: calling them stands out. */
  me: string
  /** The groups the reader belongs to. */
  mine?: readonly Group[]
}

function Chip({ name, me }: { name: string; me: boolean }) {
  return (
    <span className={classes.mention} data-me={me || undefined}>
      @{name}
    </span>
  )
}

/** Plain text with typed mentions as chips. */
function Words({ text, calls }: { text: string; calls: Calls }) {
  const found = /[@＠]/.test(text) ? callsIn(text, namesOf(calls.people, calls.groups ?? [])) : []
  const out: ReactNode[] = []
  let at = 0
  for (const { from, to, person, group } of found) {
    out.push(text.slice(at, from), <Chip key={from} name={text.slice(from + 1, to)} me={person ? person.id === calls.me : group !== undefined && (calls.mine ?? []).includes(group)} />)
    at = to
  }
  return (
    <>
      {out}
      {text.slice(at)}
    </>
  )
}

const CJK = /[\u3400-\u9fff]/

function Part({ part, calls }: { part: Inline; calls: Calls }) {
  switch (part.kind) {
    case 'text':
      return <Words text={part.text} calls={calls} />
    case 'code':
      return <code>{part.text}</code>
    case 'link':
      return (
        <a href={part.href} target="_blank" rel="noopener noreferrer nofollow">
          {part.text}
        </a>
      )
    case 'token': {
      const person = calls.people.find((it) => it.id === part.id)
      return person ? <Chip name={person.name} me={person.id === calls.me} /> : <>{part.text}</>
    }
    case 'strong':
      return (
        <strong>
          <Parts parts={part.parts} calls={calls} />
        </strong>
      )
    case 'em':
      return (
        // Chinese has no italics.
        <em data-cjk={part.parts.some((it) => 'text' in it && CJK.test(it.text)) || undefined}>
          <Parts parts={part.parts} calls={calls} />
        </em>
      )
  }
}

function Parts({ parts, calls }: { parts: readonly Inline[]; calls: Calls }) {
  return parts.map((part, n) => <Part key={n} part={part} calls={calls} />)
}

function Drawn({ block, calls }: { block: Block; calls: Calls }) {
  switch (block.kind) {
    case 'code':
      return <pre className={classes.code}>{block.text}</pre>
    case 'quote':
      return (
        <blockquote className={classes.quote}>
          <Parts parts={block.parts} calls={calls} />
        </blockquote>
      )
    case 'list': {
      const items = block.items.map(({ number, parts }, n) => (
        <li key={n} value={block.ordered ? number : undefined}>
          <Parts parts={parts} calls={calls} />
        </li>
      ))
      return block.ordered ? <ol className={classes.list}>{items}</ol> : <ul className={classes.list}>{items}</ul>
    }
    default:
      return (
        <div>
          <Parts parts={block.parts} calls={calls} />
        </div>
      )
  }
}

/** What people wrote, as React nodes only: a text never becomes markup. */
export const RichText = memo(function RichText({ text, calls }: { text: string; calls: Calls }) {
  const blocks = parse(text)
  const [only] = blocks
  if (blocks.length === 1 && only?.kind === 'lines') return <Parts parts={only.parts} calls={calls} />
  return blocks.map((block, n) => (
    <Fragment key={n}>
      <Drawn block={block} calls={calls} />
    </Fragment>
  ))
})
