import { Checkbox } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { dateTime } from '../../lib/format'
import { Button } from '../../ui/Button'
import { EmptyState } from '../../ui/EmptyState'
import { Loaded } from '../../ui/Loaded'
import { Section } from '../../ui/Section'
import { StateChip } from '../../ui/StateChip'
import type { Me, TemplateView } from '../../wire'
import { CONDITIONS } from './draft'
import { Editor } from './Editor'
import { Export, Import } from './Exchange'
import { wordsOf } from './reasons'
import classes from './Templates.module.css'
import { useTemplate, useTemplates } from './useTemplates'

const CODED = { severities: 'severity', categories: 'category' } as const

/** What a template is for, a chip for each condition. */
function Matches({ match = {} }: TemplateView['template']) {
  const { t } = useTranslation()
  const given = CONDITIONS.filter((it) => (match[it] ?? []).length > 0)
  const said = (it: (typeof CONDITIONS)[number]) => wordsOf(it === 'severities' || it === 'categories' ? CODED[it] : it, match[it] ?? [], t)
  return (
    <span className={classes.chips}>
      {given.length === 0 && <StateChip word={t('templates.all')} />}
      {given.map((it) => (
        <StateChip key={it} word={`${t(`templates.match.${it}`)} ${said(it)}`} />
      ))}
    </span>
  )
}

function Row({ view, open }: { view: TemplateView; open: (id: string) => void }) {
  const { t, i18n } = useTranslation()
  const { template, warnings = [] } = view
  const facts = t('templates.edited', { version: view.version, at: dateTime(view.edited_at, i18n.language), who: view.edited_by?.name ?? t('templates.hub') })
  return (
    <li className={classes.row}>
      <div className={classes.rowHead}>
        <button type="button" className={classes.name} onClick={() => open(view.id)}>
          {template.name}
        </button>
        {view.archived_at && <StateChip icon="shelved" look="stale" word={t('templates.archived')} />}
        {template.enabled === false && <StateChip icon="hide" look="outline" word={t('templates.off')} />}
        {(template.priority ?? 0) !== 0 && <StateChip look="outline" word={t('templates.priorityIs', { priority: template.priority })} />}
        {warnings.length > 0 && <StateChip icon="info" look="medium" word={t('templates.warnings', { count: warnings.length })} />}
      </div>
      <Matches {...template} />
      <small>{facts}</small>
    </li>
  )
}

/** One template, loaded; a fresh form for each version. */
function Edit({ id, me, leave, open }: { id: string; me: Me; leave: () => void; open: (id: string) => void }) {
  const template = useTemplate(id)
  return <Loaded query={template}>{(view) => <Editor key={`${view.id} ${view.version}`} view={view} mayTry={mayTry(me)} leave={leave} kept={(it) => open(it.id)} />}</Loaded>
}

const mayTry = (me: Me) => me.role === 'lead' || me.role === 'admin'
const NEW = 'new'

/** Templates 樣板: what a room gets as it opens; in the order in which they are considered. */
export function TemplatesPage({ me }: { me: Me }) {
  const { t } = useTranslation()
  const [archived, setArchived] = useState(false)
  const [importing, setImporting] = useState(false)
  const [shown, show] = useState<string | null>(null)
  const list = useTemplates(archived)
  const leave = () => show(null)
  if (shown === NEW) return <Editor view={null} mayTry={mayTry(me)} leave={leave} kept={(it) => show(it.id)} />
  if (shown !== null) return <Edit id={shown} me={me} leave={leave} open={show} />
  const acts = (
    <>
      <Export />
      {list.data?.can_add && (
        <>
          <Button icon="runbook" onClick={() => setImporting(true)}>
            {t('templates.import')}
          </Button>
          <Button icon="add" onClick={() => show(NEW)}>
            {t('templates.add')}
          </Button>
        </>
      )}
    </>
  )
  return (
    <Section title={t('templates.title')} lead={t('templates.lead')} acts={acts}>
      <Loaded query={list}>
        {({ templates }) =>
          templates.length === 0 ? (
            <EmptyState text={t('templates.none')} />
          ) : (
            <ol className={classes.rows} aria-label={t('templates.title')}>
              {templates.map((it) => (
                <Row key={it.id} view={it} open={show} />
              ))}
            </ol>
          )
        }
      </Loaded>
      <Checkbox label={t('templates.showArchived')} checked={archived} onChange={(event) => setArchived(event.currentTarget.checked)} />
      {importing && <Import close={() => setImporting(false)} />}
    </Section>
  )
}
