export const settingsZh = {
  settings: { title: '設定', me: '我的帳號' },
  form: { cancel: '取消', save: '儲存', add: '新增', remove: '移除', edit: '修改', undo: '復原', saved: '已儲存', removed: '已移除', noted: '記下了', undone: '已復原', failed: '沒有完成：{{reason}}', byName: '輸入姓名', everything: '全部', none: '無' },
  account: {
    lead: '你在這裡的身分，以及登入中的裝置。',
    username: '帳號',
    role: '角色',
    devices: '登入中的裝置',
    device: '裝置',
    since: '登入時間',
    used: '最近使用',
    from: '來源位址',
    here: '這台裝置',
    end: '登出',
    ended: '已登出那台裝置',
    none: '沒有登入中的裝置',
  },
}

export type SettingsWords = typeof settingsZh
