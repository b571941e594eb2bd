import { Checkbox, Modal, NativeSelect, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { dateTime } from '../../lib/format'
import { Button } from '../../ui/Button'
import { Loaded } from '../../ui/Loaded'
import { Secret } from '../../ui/Secret'
import type { NewUserView, UserView } from '../../wire'
import classes from './People.module.css'
import { ROLES } from './roles'
import { Sessions } from './Sessions'
import { Tokens } from './Tokens'
import { useUser } from './useUser'

type Hold = ReturnType<typeof useUser>

function Marks({ user }: { user: UserView }) {
  const { t, i18n } = useTranslation()
  return (
    <ul className={classes.marks}>
      <li>{t(`people.source.${user.source}`)}</li>
      {user.break_glass && <li data-loud>{t('people.breakGlass')}</li>}
      {user.must_change_password && <li>{t('people.mustChange')}</li>}
      {user.disabled_at && <li data-loud>{t('people.disabledSince', { at: dateTime(user.disabled_at, i18n.language) })}</li>}
      {user.waits_until && <li data-loud>{t('people.waits', { at: dateTime(user.waits_until, i18n.language) })}</li>}
    </ul>
  )
}

function Fields({ user, change }: { user: UserView; change: Hold['change'] }) {
  const { t } = useTranslation()
  const [name, setName] = useState(user.name)
  const rename = () => name.trim() !== '' && name !== user.name && change({ name: name.trim() })
  return (
    <div className={classes.fields}>
      <TextInput label={t('people.name')} value={name} disabled={!user.can.rename} onChange={(event) => setName(event.currentTarget.value)} onBlur={rename} onKeyDown={(event) => event.key === 'Enter' && !event.nativeEvent.isComposing && rename()} />
      <NativeSelect
        label={t('people.role')}
        description={user.source === 'directory' ? t('people.roleFromGroups') : undefined}
        value={user.role}
        disabled={!user.can.change_role}
        data={ROLES.map((value) => ({ value, label: t(`role.${value}`) }))}
        onChange={(event) => change({ role: event.currentTarget.value as UserView['role'] })}
      />
      {user.kind === 'person' && user.source === 'local' && <Checkbox label={t('people.kiosk')} checked={user.kiosk} onChange={(event) => change({ kiosk: event.currentTarget.checked })} />}
    </div>
  )
}

function Acts({ user, hold, told }: { user: UserView; hold: Hold; told: (secret: NewUserView) => void }) {
  const { t } = useTranslation()
  const { act, change, rest, path } = hold
  const post = (what: string) => rest<NewUserView>(`${path}/${what}`, { method: 'POST' })
  return (
    <div className={classes.acts}>
      {user.waits_until && (
        <Button icon="again" onClick={() => act.mutate(() => post('unlock'))}>
          {t('people.unlock')}
        </Button>
      )}
      {user.can.reset_password && (
        <Button icon="directory" onClick={() => act.mutate(async () => told(await post('password')))}>
          {t('people.resetPassword')}
        </Button>
      )}
      {user.can.disable && (
        <Button icon="left_room" onClick={() => change({ disabled: true })}>
          {t('people.disable')}
        </Button>
      )}
      {user.can.enable && (
        <Button icon="joined" onClick={() => change({ disabled: false })}>
          {t('people.enable')}
        </Button>
      )}
    </div>
  )
}

/** One account: what it is, what may be done with it, where it is signed in, its tokens. */
export function UserDialog({ id, close }: { id: string; close: () => void }) {
  const { t } = useTranslation()
  const hold = useUser(id)
  const [secret, setSecret] = useState<NewUserView | null>(null)
  const closing = { 'aria-label': t('room.close'), size: 48, iconSize: 22 }
  return (
    <Modal opened onClose={close} size="xl" title={hold.user.data?.name ?? ''} closeButtonProps={closing} classNames={{ title: classes.title }}>
      <Loaded query={hold.user}>
        {(user) => (
          <div className={classes.user}>
            <Marks user={user} />
            <Fields key={user.id} user={user} change={hold.change} />
            <Acts user={user} hold={hold} told={setSecret} />
            {user.kind === 'person' && <Sessions user={user} hold={hold} />}
            {user.can.tokens && <Tokens user={user} />}
          </div>
        )}
      </Loaded>
      {secret?.password && <Secret title={t('people.temporary', { name: secret.user.name })} note={t('people.temporaryNote')} secret={secret.password} close={() => setSecret(null)} />}
    </Modal>
  )
}
