// The app's entry.
import { QueryClientProvider } from '@tanstack/react-query'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { commonEn, commonZh } from '../common-words.ts'
import { startLanguage } from '../language.ts'
import { startTheme } from '../theme.ts'
import { CrashGuard } from '../ui/crash-guard.tsx'
import { App } from './app.tsx'
import { startOffline } from './offline/start-offline.ts'
import { balanceSoon, queryClient } from './queries.ts'
import { appEn } from './words-en.ts'
import { appZh } from './words-zh.ts'
import '../tokens.css'
import '../base.css'
import './app.css'
import './forms.css'
import './money.css'
import './sheet.css'

startTheme()
startLanguage({
  'zh-CN': { common: commonZh, app: appZh },
  en: { common: commonEn, app: appEn },
})

startOffline()

void balanceSoon().then(draw)

function draw(): void {
  const root = document.getElementById('root')
  if (!root) return
  createRoot(root).render(
    <StrictMode>
      <CrashGuard>
        <QueryClientProvider client={queryClient}>
          <App />
        </QueryClientProvider>
      </CrashGuard>
    </StrictMode>,
  )
}
