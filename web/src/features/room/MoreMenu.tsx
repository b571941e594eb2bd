import { Menu } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Act as Right, Closing, ClosingForm } from '../../wire'
import { Button } from '../../ui/Button'
import { Icon, type IconName } from '../../ui/Icon'
import { ClosingDialog } from './ClosingDialog'
import { useView } from './context'
import { RoomSettings } from './RoomSettings'
import { LinkDialog, MergeDialog } from './RoomPick'
import { SeverityDialog } from './SeverityDialog'
import type { useActs } from './useActs'
import { useCalls } from './useCalls'

type Dialog = 'severity' | 'closing' | 'settings' | 'merge' | 'link'

/** What else one may do with the room, and which of my rights opens it. */
const ITEMS: ReadonlyArray<{ name: Dialog; icon: IconName; rights: readonly Right[] }> = [
  { name: 'severity', icon: 'severity', rights: ['raise_severity', 'lower_severity'] },
  { name: 'closing', icon: 'edit', rights: ['fill_closing'] },
  { name: 'link', icon: 'link', rights: ['link'] },
  { name: 'merge', icon: 'merge', rights: ['merge'] },
  { name: 'settings', icon: 'settings', rights: ['rename', 'change_visibility', 'archive', 'unarchive'] },
]

/** The closing form outside of closing: filled in before, or corrected afterwards. */
function ClosingLater({ close }: { close: () => void }) {
  const { snapshot, closing } = useView()
  const { call } = useCalls()
  const [found, setFound] = useState<Closing | null>(null)
  const [asked, setAsked] = useState(false)
  if (!asked) {
    setAsked(true)
    void closing(snapshot.room).then(setFound, close)
  }
  const save = (form: ClosingForm) => call('/closing', 'PUT', form)
  return found && <ClosingDialog closing={found} submit="form.save" close={close} send={save} partly />
}

const DIALOGS: Record<Dialog, (props: { close: () => void }) => ReactNode> = {
  severity: SeverityDialog,
  closing: ClosingLater,
  settings: RoomSettings,
  merge: MergeDialog,
  link: LinkDialog,
}

/** ⋯: rare steps and what changes the room. Nothing in it, no button. */
export function MoreMenu({ acts, height }: { acts: ReturnType<typeof useActs>; height: 44 | 48 }) {
  const { t } = useTranslation()
  const { snapshot, offline } = useView()
  const [open, setOpen] = useState<Dialog | null>(null)
  const items = ITEMS.filter((it) => it.rights.some((right) => snapshot.can.includes(right)))
  if (acts.more.length + items.length === 0) return null
  const Shown = open && DIALOGS[open]
  return (
    <>
      <Menu position="bottom-end" shadow="md">
        <Menu.Target>
          <Button icon="more" quiet={height === 48} height={height} aria-label={t('act.more')} disabled={offline} />
        </Menu.Target>
        <Menu.Dropdown>
          {acts.more.map((act) => (
            <Menu.Item key={act.right} leftSection={<Icon name={act.icon} />} disabled={acts.busy} onClick={() => acts.run(act)}>
              {t(act.word)}
            </Menu.Item>
          ))}
          {acts.more.length > 0 && items.length > 0 && <Menu.Divider />}
          {items.map((it) => (
            <Menu.Item key={it.name} leftSection={<Icon name={it.icon} />} onClick={() => setOpen(it.name)}>
              {t(`roomMenu.${it.name}`)}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      {Shown && <Shown close={() => setOpen(null)} />}
    </>
  )
}
