import { useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { dateTime } from '../../lib/format'
import { Problem } from '../../lib/problem'
import { reasonOf } from '../../lib/words'
import { Button } from '../../ui/Button'
import { Section } from '../../ui/Section'
import { say } from '../../ui/toast'
import { useUndo } from '../../ui/undo'
import type { TemplateView } from '../../wire'
import { Conflict } from './Conflict'
import { type Draft, differing, draftOf, lacks, written } from './draft'
import { Ending, Matching, Naming, RoomName, Welcome } from './Fields'
import { Checklist, Members, Runbooks } from './Lists'
import { FormContext } from './parts'
import { Preview } from './Preview'
import { reasonIn } from './reasons'
import classes from './Templates.module.css'
import { useKnown, useTemplateActs } from './useTemplates'
import { Versions } from './Versions'

interface Props {
  /** The template that is changed; null for a new one. */
  view: TemplateView | null
  /** Leads and admins may try templates. */
  mayTry: boolean
  leave: () => void
  kept: (view: TemplateView) => void
}

/** The draft, and what can be done with it. */
function useDraft({ view, kept }: Props) {
  const { t } = useTranslation()
  const acts = useTemplateActs()
  const [draft, setDraft] = useState<Draft>(() => draftOf(view?.template))
  const [fault, setFault] = useState<unknown>(null)
  const [newer, setNewer] = useState<TemplateView | null>(null)
  const [busy, setBusy] = useState(false)
  const changed = useMemo(() => differing(draft, draftOf(view?.template)).length > 0, [draft, view])

  async function save(version = view?.version ?? 0): Promise<void> {
    const missing = lacks(draft)
    setFault(missing ? t(`templates.${missing}`) : null)
    if (missing || busy) return
    setBusy(true)
    try {
      kept(view ? await acts.replace(view.id, written(draft), version) : await acts.add(written(draft)))
      say(t('form.saved'))
    } catch (why) {
      if (view && why instanceof Problem && why.code === 'edit_conflict') setNewer(await acts.newest(view.id).catch(() => null))
      setFault(why)
    } finally {
      setBusy(false)
    }
  }
  return { acts, draft, set: (change: Partial<Draft>) => setDraft((now) => ({ ...now, ...change })), fault, newer, busy, changed, save }
}

type Hold = ReturnType<typeof useDraft>

function Fault({ fault }: { fault: unknown }) {
  const { t } = useTranslation()
  if (fault === null) return null
  const problem = fault instanceof Problem ? fault : null
  return (
    <p className={classes.fault} role="alert">
      {typeof fault === 'string' ? fault : reasonOf(fault, t)}
      {problem && problem.message !== '' && <small className="mono">{[problem.field, problem.message].filter(Boolean).join(': ')}</small>}
    </p>
  )
}

/** It stands at the foot as soon as something has changed. */
function SaveBar({ hold, fresh, leave }: { hold: Hold; fresh: boolean; leave: () => void }) {
  const { t } = useTranslation()
  const { newer, acts, draft, save } = hold
  if (newer) {
    return (
      <div className={classes.bar}>
        <Conflict mine={written(draft)} newer={newer} look={() => void acts.again()} overwrite={() => void save(newer.version)} />
      </div>
    )
  }
  return (
    <div className={classes.bar}>
      <div className="grow">
        <Fault fault={hold.fault} />
      </div>
      <Button height={44} onClick={leave}>
        {t(fresh ? 'form.cancel' : 'templates.discard')}
      </Button>
      <Button primary height={44} icon="check" busy={hold.busy} onClick={() => void hold.save()}>
        {t(fresh ? 'templates.add' : 'form.save')}
      </Button>
    </div>
  )
}

function Archive({ view, leave }: { view: TemplateView; leave: () => void }) {
  const { t } = useTranslation()
  const acts = useTemplateActs()
  const undo = useUndo()
  const [fault, setFault] = useState<unknown>(null)
  const archive = async () => {
    try {
      await acts.archive(view.id)
    } catch (why) {
      return setFault(why)
    }
    leave()
    undo(t('templates.archivedIt', { name: view.template.name }), () => acts.restore(view.id, view.version))
  }
  return (
    <div className={classes.end}>
      <Button icon="shelved" height={44} onClick={() => void archive()}>
        {t('templates.archive')}
      </Button>
      <Fault fault={fault} />
    </div>
  )
}

/** One template in one form, and beside it what it would do. */
export function Editor(props: Props) {
  const { view, mayTry, leave } = props
  const { t, i18n } = useTranslation()
  const known = useKnown()
  const hold = useDraft(props)
  const { draft, set, changed } = hold
  const readOnly = view !== null && (!view.can_change || view.archived_at !== null)
  const template = useMemo(() => written(draft), [draft])
  const edited = view && t('templates.edited', { version: view.version, at: dateTime(view.edited_at, i18n.language), who: view.edited_by?.name ?? t('templates.hub') })
  const beside = useRef<HTMLDivElement>(null)
  const acts = (
    <>
      {mayTry && (
        <Button icon="show" className={classes.jump} onClick={() => beside.current?.scrollIntoView()}>
          {t('templates.preview')}
        </Button>
      )}
      <Button icon="left" onClick={leave} disabled={changed}>
        {t('templates.back')}
      </Button>
    </>
  )
  return (
    <FormContext value={{ draft, set, known, readOnly }}>
      <Section title={view?.template.name ?? t('templates.add')} lead={edited || t('templates.newLead')} acts={acts}>
        {view?.archived_at && <p className={classes.warning}>{t('templates.archivedNote', { at: dateTime(view.archived_at, i18n.language) })}</p>}
        {(view?.warnings ?? []).map((it, place) => (
          <p key={place} className={classes.warning}>
            {reasonIn(it, t)}
          </p>
        ))}
        <div className={classes.editor} data-try={mayTry}>
          <fieldset className={classes.form} disabled={readOnly}>
            <Naming />
            <Matching />
            <RoomName />
            <Members />
            <Checklist />
            <Welcome />
            <Runbooks />
            <Ending />
          </fieldset>
          {mayTry && (
            <div ref={beside} className={classes.beside}>
              <Preview id={view?.id ?? null} template={template} />
            </div>
          )}
        </div>
        {!readOnly && (changed || view === null) && <SaveBar hold={hold} fresh={view === null} leave={leave} />}
        {view && <Versions view={view} />}
        {view?.can_change && !view.archived_at && !changed && <Archive view={view} leave={leave} />}
      </Section>
    </FormContext>
  )
}
