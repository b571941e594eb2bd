import type { ComponentType } from 'react'
import { MyPage } from '../features/account/MyPage'
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

/** Every section, in the order they are shown; who may not use one does not see it. */
export const SECTIONS: readonly SettingsSection[] = [{ id: 'me', icon: 'me', label: 'settings.me', may: everybody, page: MyPage }]
