import { FileButton, Modal, Textarea } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Problem } from '../../lib/problem'
import { useRest } from '../../lib/rest'
import { saveFile } from '../../lib/saveFile'
import { reasonOf } from '../../lib/words'
import { Button } from '../../ui/Button'
import { List } from '../../ui/List'
import { say } from '../../ui/toast'
import { sayFailed } from '../../ui/undo'
import type { ImportedTemplate } from '../../wire'
import { reasonIn } from './reasons'
import classes from './Templates.module.css'
import { useTemplateActs } from './useTemplates'

/** All live templates as a file. */
export function Export() {
  const { t } = useTranslation()
  const rest = useRest()
  const save = (format: 'yaml' | 'json') =>
    rest.download(`/api/templates/export?format=${format}`).then(
      (file) => saveFile(file, `templates.${format}`),
      (why: unknown) => sayFailed(why, t),
    )
  return (['yaml', 'json'] as const).map((it) => (
    <Button key={it} icon="download" aria-label={t('templates.exportAs', { format: it.toUpperCase() })} onClick={() => void save(it)}>
      {it.toUpperCase()}
    </Button>
  ))
}

function Found({ found }: { found: readonly ImportedTemplate[] }) {
  const { t } = useTranslation()
  const changes = (it: ImportedTemplate) => [it.fields.map((field) => t(`templates.field.${field}`, { defaultValue: field })).join(t('room.list')), ...(it.warnings ?? []).map((one) => reasonIn(one, t))].filter(Boolean)
  const lines = (it: ImportedTemplate) =>
    changes(it).map((text) => (
      <span key={text} className={classes.block}>
        {text}
      </span>
    ))
  return <List label={t('templates.wouldDo')} heads={[t('templates.name'), t('templates.outcome'), t('templates.changes')]} rows={found.map((it) => ({ key: it.name, cells: [<b key="n">{it.name}</b>, t(`templates.outcomes.${it.outcome}`), changes(it).length > 0 ? <span key="f">{lines(it)}</span> : null] }))} empty={t('templates.emptyFile')} />
}

/** What a file would do, asked of the hub before anything is done. */
function useImport(close: () => void) {
  const { t } = useTranslation()
  const rest = useRest()
  const acts = useTemplateActs()
  const [content, setContent] = useState('')
  const [found, setFound] = useState<ImportedTemplate[] | null>(null)
  const [fault, setFault] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  const put = (dry_run: boolean) => rest<ImportedTemplate[]>('/api/templates/import', { method: 'POST', body: { content, dry_run } })
  const run = async (act: () => Promise<void>) => {
    setFault(null)
    setBusy(true)
    await act().catch(setFault)
    setBusy(false)
  }
  const write = (text: string) => {
    setContent(text)
    setFound(null)
    setFault(null)
  }
  const look = () => run(async () => setFound(await put(true)))
  const done = () =>
    run(async () => {
      const count = (await put(false)).filter((it) => it.outcome !== 'unchanged').length
      await acts.again()
      say(t('templates.imported', { count }))
      close()
    })
  return { content, write, found, fault, busy, look, done }
}

/** Import: choose a file, see what it would do, then do it. All or none. */
export function Import({ close }: { close: () => void }) {
  const { t } = useTranslation()
  const { content, write, found, fault, busy, look, done } = useImport(close)
  const changes = (found ?? []).filter((it) => it.outcome !== 'unchanged').length
  const closing = { 'aria-label': t('room.close'), size: 48, iconSize: 22 }
  return (
    <Modal opened onClose={close} size="xl" title={t('templates.import')} closeButtonProps={closing} classNames={{ title: classes.title }}>
      <div className={classes.form}>
        <p className={classes.note}>{t('templates.importHint')}</p>
        <div>
          <FileButton accept=".yaml,.yml,.json" onChange={(file) => void file?.text().then(write)}>
            {(props) => (
              <Button icon="runbook" height={44} {...props}>
                {t('templates.chooseFile')}
              </Button>
            )}
          </FileButton>
        </div>
        <Textarea label={t('templates.content')} minRows={6} maxRows={14} autosize classNames={{ input: 'mono' }} spellCheck={false} value={content} onChange={(event) => write(event.currentTarget.value)} />
        {fault !== null && (
          <p className={classes.fault} role="alert">
            {reasonOf(fault, t)}
            {fault instanceof Problem && fault.message !== '' && <small className="mono">{[fault.field, fault.message].filter(Boolean).join(': ')}</small>}
          </p>
        )}
        {found && (
          <>
            <h3>{t('templates.wouldDo')}</h3>
            <Found found={found} />
            {changes === 0 && <p className={classes.note}>{t('templates.nothingNew')}</p>}
          </>
        )}
        <div className={classes.bar}>
          <span className="grow" />
          <Button height={44} icon="search" primary={!found} busy={busy && !found} disabled={content.trim() === ''} onClick={() => void look()}>
            {t('templates.look')}
          </Button>
          {changes > 0 && (
            <Button height={44} icon="check" primary busy={busy} onClick={() => void done()}>
              {t('templates.importThem', { count: changes })}
            </Button>
          )}
        </div>
      </div>
    </Modal>
  )
}
