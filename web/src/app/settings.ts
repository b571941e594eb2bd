import type { ComponentType } from 'react'
import { MyPage } from '../features/account/MyPage'
import { AuditPage } from '../features/audit/AuditPage'
import { DirectoryPage } from '../features/directory/DirectoryPage'
import { PeoplePage } from '../features/people/PeoplePage'
import { TemplatesPage } from '../features/templates/TemplatesPage'
import { TeamsPage } from '../features/teams/TeamsPage'
import type { IconName } from '../ui/Icon'
import type { Me } from '../wire'

export interface SettingsSection {
  id: string
  icon: IconName
  /** Key of its name. */
  label: string
  may: (me: Me) => boolean
  page: ComponentType<{ me: Me }>
}

const everybody = () => true
const responders = (me: Me) => me.role !== 'viewer'
const admins = (me: Me) => me.role === 'admin'

/** Every section, in the order they are shown; who may not use one does not see it. */
export const SECTIONS: readonly SettingsSection[] = [
  { id: 'me', icon: 'me', label: 'settings.me', may: everybody, page: MyPage },
  { id: 'people', icon: 'people', label: 'people.title', may: admins, page: PeoplePage },
  { id: 'teams', icon: 'teams', label: 'teams.title', may: responders, page: TeamsPage },
  { id: 'directory', icon: 'directory', label: 'directory.title', may: admins, page: DirectoryPage },
  { id: 'templates', icon: 'templates', label: 'templates.title', may: responders, page: TemplatesPage },
  { id: 'audit', icon: 'audit', label: 'audit.title', may: admins, page: AuditPage },
]
