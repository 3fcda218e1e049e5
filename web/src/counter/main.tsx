// The counter's entry.
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { commonEn, commonZh } from '../common-words.ts'
import { startLanguage } from '../language.ts'
import { staffEn } from '../staff/words-en.ts'
import { staffZh } from '../staff/words-zh.ts'
import { startTheme } from '../theme.ts'
import { CrashGuard } from '../ui/crash-guard.tsx'
import { CounterPage } from './counter-page.tsx'
import { counterEn } from './words-en.ts'
import { counterZh } from './words-zh.ts'
import '../tokens.css'
import '../base.css'
import './counter.css'
import './forms.css'
import './ticket.css'
import './lists.css'

startTheme()
startLanguage({
  'zh-CN': { common: commonZh, counter: counterZh, staff: staffZh },
  en: { common: commonEn, counter: counterEn, staff: staffEn },
})

const root = document.getElementById('root')
if (root) {
  createRoot(root).render(
    <StrictMode>
      <CrashGuard>
        <CounterPage />
      </CrashGuard>
    </StrictMode>,
  )
}
