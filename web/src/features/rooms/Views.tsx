import { Menu, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../ui/Button'
import { FormDialog } from '../../ui/FormDialog'
import { Icon } from '../../ui/Icon'
import type { SavedView } from '../../wire'
import classes from './List.module.css'
import { readWanted, type Wanted } from './wanted'

export interface ViewsProps {
  views: readonly SavedView[]
  ask: (wanted: Wanted) => void
  /** Rejects with a `Problem`. */
  keep: (name: string) => Promise<unknown>
  drop: (view: SavedView) => void
  phone: boolean
}

/** Filters kept under a name: choose one, keep these, drop one. */
export function Views({ views, ask, keep, drop, phone }: ViewsProps) {
  const { t } = useTranslation()
  const [naming, setNaming] = useState(false)
  const [name, setName] = useState('')
  return (
    <>
      <Menu position="bottom-end" shadow="md" closeOnItemClick>
        <Menu.Target>
          <Button icon="view" height={phone ? 48 : 44} aria-label={t('incidents.views')}>
            {phone ? undefined : t('incidents.views')}
          </Button>
        </Menu.Target>
        <Menu.Dropdown className={classes.views}>
          {views.map((it) => (
            <div key={it.id} className="row">
              <Menu.Item className="grow" onClick={() => ask(readWanted({ ...it.filters }))}>
                {it.name}
              </Menu.Item>
              <Menu.Item className={classes.drop} aria-label={t('incidents.drop', { name: it.name })} onClick={() => drop(it)}>
                <Icon name="remove" />
              </Menu.Item>
            </div>
          ))}
          {views.length > 0 && <Menu.Divider />}
          <Menu.Item leftSection={<Icon name="add" />} onClick={() => setNaming(true)}>
            {t('incidents.keep')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {naming && (
        <FormDialog title={t('incidents.keep')} submit={t('form.save')} close={() => setNaming(false)} check={() => (name.trim() ? null : t('incidents.needName'))} send={() => keep(name.trim()).then(() => setName(''))}>
          <TextInput size="md" label={t('incidents.name')} description={t('incidents.keepHint')} required maxLength={64} value={name} onChange={(event) => setName(event.currentTarget.value)} data-autofocus />
        </FormDialog>
      )}
    </>
  )
}
