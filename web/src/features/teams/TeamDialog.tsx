import { Modal, TagsInput, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { dateTime } from '../../lib/format'
import { Button } from '../../ui/Button'
import { Loaded } from '../../ui/Loaded'
import { say } from '../../ui/toast'
import { useUndo } from '../../ui/undo'
import type { Team } from '../../wire'
import { Members } from './Members'
import classes from './Teams.module.css'
import { type Hold, useTeam } from './useTeams'

/** Name and lines; who may not change them reads them. */
function Fields({ team, lines, hold }: { team: Team; lines: readonly string[]; hold: Hold }) {
  const { t } = useTranslation()
  const [name, setName] = useState(team.name)
  const [mine, setMine] = useState(team.lines)
  const changed = name.trim() !== team.name || mine.join('\n') !== team.lines.join('\n')
  const save = (event: FormEvent) => {
    event.preventDefault()
    if (name.trim() === '') return
    hold.act.mutate(async () => {
      await hold.change({ name: name.trim(), lines: mine })
      say(t('form.saved'))
    })
  }
  return (
    <form className={classes.fields} onSubmit={save}>
      <TextInput label={t('teams.name')} maxLength={128} value={name} readOnly={!team.can.edit} error={name.trim() === '' && t('teams.needName')} onChange={(event) => setName(event.currentTarget.value)} />
      <TextInput label={t('teams.key')} value={team.key} readOnly classNames={{ input: 'mono' }} />
      {team.can.edit ? (
        <TagsInput className={classes.wide} label={t('teams.lines')} description={t('teams.linesHint')} placeholder={mine.length === 0 ? t('teams.wholeSite') : undefined} data={[...lines]} value={mine} onChange={setMine} acceptValueOnBlur />
      ) : (
        <TextInput className={classes.wide} label={t('teams.lines')} value={team.lines.join(t('room.list')) || t('teams.wholeSite')} readOnly />
      )}
      {team.can.edit && changed && (
        <div className={classes.wide}>
          <Button primary type="submit" icon="check" height={44} busy={hold.act.isPending}>
            {t('form.save')}
          </Button>
        </div>
      )}
    </form>
  )
}

/** Archiving has a way back for five seconds, and stands in the dialog of an archived team ever after. */
function Archive({ team, hold, close }: { team: Team; hold: Hold; close: () => void }) {
  const { t } = useTranslation()
  const undo = useUndo()
  const archive = () =>
    hold.act.mutate(async () => {
      await hold.change({ archived: true })
      close()
      undo(t('teams.archivedIt', { name: team.name }), () => hold.change({ archived: false }))
    })
  const bring = () =>
    hold.act.mutate(async () => {
      await hold.change({ archived: false })
      say(t('teams.broughtIt', { name: team.name }))
    })
  return team.archived_at ? (
    <Button icon="undo" height={44} onClick={bring}>
      {t('teams.bring')}
    </Button>
  ) : (
    <Button icon="shelved" height={44} onClick={archive}>
      {t('teams.archive')}
    </Button>
  )
}

/** One team: its name and lines, its people, and its end. */
export function TeamDialog({ id, lines, close }: { id: string; lines: readonly string[]; close: () => void }) {
  const { t, i18n } = useTranslation()
  const hold = useTeam(id)
  const closing = { 'aria-label': t('room.close'), size: 48, iconSize: 22 }
  return (
    <Modal opened onClose={close} size="xl" title={hold.team.data?.team.name ?? ''} closeButtonProps={closing} classNames={{ title: classes.title }}>
      <Loaded query={hold.team}>
        {(detail) => (
          <div className={classes.team}>
            {detail.team.archived_at && <p className={classes.note}>{t('teams.archivedNote', { at: dateTime(detail.team.archived_at, i18n.language) })}</p>}
            <Fields key={`${detail.team.name}\n${detail.team.lines.join()}`} team={detail.team} lines={lines} hold={hold} />
            <Members detail={detail} hold={hold} />
            {detail.team.can.edit && (
              <div>
                <Archive team={detail.team} hold={hold} close={close} />
              </div>
            )}
          </div>
        )}
      </Loaded>
    </Modal>
  )
}
