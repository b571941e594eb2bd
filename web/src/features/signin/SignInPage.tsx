import type { ReactNode } from 'react'
import { Brand } from '../../ui/StackLight'
import classes from './SignIn.module.css'
import { SignInForm, type SignInProps } from './SignInForm'

function Tower() {
  return (
    <div className={classes.tower} aria-hidden="true">
      <span className={classes.cap} />
      {[0, 1, 2].map((n) => (
        <div key={n} className={classes.segment} />
      ))}
      <span className={classes.ring} />
      <span className={classes.base} />
      <span className={classes.pole} />
    </div>
  )
}

/** Nothing about the plant before sign-in: the stack light is unlit. `tools` are language and appearance. */
export function SignInPage({ tools, ...form }: SignInProps & { tools: ReactNode }) {
  return (
    <div className={classes.page}>
      <main className={classes.left}>
        <div className={classes.head}>
          <Brand lit={null} />
          <div className={classes.phoneTools}>{tools}</div>
        </div>
        <SignInForm {...form} />
      </main>
      <aside className={classes.right}>
        <div className={classes.tools}>{tools}</div>
        <Tower />
      </aside>
    </div>
  )
}
