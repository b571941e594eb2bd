import type { SettingsWords } from './settings.zh-TW'

type Same<T> = { [K in keyof T]: T[K] extends string ? string : Same<T[K]> }

export const settingsEn: Same<SettingsWords> = {
  settings: { title: 'Settings', me: 'My account' },
  form: { cancel: 'Cancel', save: 'Save', add: 'Add', remove: 'Remove', edit: 'Change', undo: 'Undo', saved: 'Saved', removed: 'Removed', noted: 'Noted', undone: 'Undone', failed: 'Not done: {{reason}}', byName: 'Type a name', everything: 'All', none: 'None' },
  account: {
    lead: 'Who you are here, and the devices you are signed in on.',
    username: 'Account',
    role: 'Role',
    devices: 'Devices signed in',
    device: 'Device',
    since: 'Signed in',
    used: 'Last used',
    from: 'From',
    here: 'This device',
    end: 'Sign out',
    ended: 'That device is signed out',
    none: 'No device is signed in',
  },
}
