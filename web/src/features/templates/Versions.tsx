import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { dateTime } from '../../lib/format'
import { Button } from '../../ui/Button'
import { List } from '../../ui/List'
import { Loaded } from '../../ui/Loaded'
import { Block } from '../../ui/Section'
import { say } from '../../ui/toast'
import { sayFailed } from '../../ui/undo'
import type { TemplateVersion, TemplateView } from '../../wire'
import { changesOf } from './draft'
import { useTemplateActs, useVersions } from './useTemplates'

/** Every version with who made it and what it changed; a former one can become the newest again. */
export function Versions({ view }: { view: TemplateView }) {
  const { t, i18n } = useTranslation()
  const versions = useVersions(view.id)
  const acts = useTemplateActs()
  const restore = useMutation({
    mutationFn: ({ version }: TemplateVersion) => acts.restore(view.id, version),
    onSuccess: (_, { version }) => say(t('templates.restored', { version })),
    onError: (why) => sayFailed(why, t),
  })
  const way = (it: TemplateVersion) =>
    view.can_change && (it.version !== view.version || view.archived_at !== null) ? (
      <Button key="r" icon="history" busy={restore.isPending} aria-label={t('templates.restoreOf', { version: it.version })} onClick={() => restore.mutate(it)}>
        {t('templates.restore')}
      </Button>
    ) : null
  const rowOf = ({ fields, ...it }: ReturnType<typeof changesOf>[number]) => ({
    key: String(it.version),
    cells: [
      it.version,
      [t(`templates.change.${it.change}`), fields.map((field) => t(`templates.field.${field}`)).join(t('room.list'))].filter(Boolean).join('：'),
      it.edited_by?.name ?? t('templates.hub'),
      dateTime(it.edited_at, i18n.language),
      ...(view.can_change ? [way(it)] : []),
    ],
  })
  const heads = [t('templates.version'), t('templates.changed'), t('templates.by.editor'), t('templates.when'), ...(view.can_change ? [''] : [])]
  return (
    <Block title={t('templates.versions')}>
      <Loaded query={versions}>{(all) => <List label={t('templates.versions')} heads={heads} rows={changesOf(all).map(rowOf)} empty={t('form.none')} />}</Loaded>
    </Block>
  )
}
