import type { ReactNode } from 'react'
import classes from './Section.module.css'

interface Props {
  title: string
  /** One sentence: what this page is for. */
  lead?: string
  /** Buttons beside the title. */
  acts?: ReactNode
  children: ReactNode
}

/** One page of the settings: its title, what it is for, its acts, and what it shows. */
export function Section({ title, lead, acts, children }: Props) {
  return (
    <section className={classes.section} aria-label={title}>
      <header className={classes.head}>
        <div className="grow">
          <h1>{title}</h1>
          {lead && <p className={classes.lead}>{lead}</p>}
        </div>
        {acts && <div className={classes.acts}>{acts}</div>}
      </header>
      {children}
    </section>
  )
}

/** A panel inside a page, with its own heading. */
export function Block({ title, acts, children }: Omit<Props, 'lead'>) {
  return (
    <section className={classes.block} aria-label={title}>
      <header>
        <h2 className="grow">{title}</h2>
        {acts}
      </header>
      {children}
    </section>
  )
}
