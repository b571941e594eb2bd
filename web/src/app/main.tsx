import '@mantine/core/styles.css'
import '@mantine/notifications/styles.css'
import '../ui/tokens.css'
import '../ui/base.css'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { startWords, storedLanguage } from '../lib/i18n'
import { showAppearance } from '../ui/appearance'
import { App } from './App'
import { createHub } from './hub'

startWords(storedLanguage())
showAppearance()
const hub = createHub()
void hub.begin()

const root = document.getElementById('root')
if (root) {
  createRoot(root).render(
    <StrictMode>
      <App hub={hub} />
    </StrictMode>,
  )
}
