// The demo page's entry.
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { commonEn, commonZh } from '../common-words.ts'
import { startLanguage } from '../language.ts'
import { startTheme } from '../theme.ts'
import { CrashGuard } from '../ui/crash-guard.tsx'
import { DemoPage } from './demo-page.tsx'
import { demoEn } from './words-en.ts'
import { demoZh } from './words-zh.ts'
import '../tokens.css'
import '../base.css'
import './demo.css'
import './top-bar.css'
import './handset/handset.css'
import './handset/feature-phone.css'
import './handset/smartphone.css'
import './shop/shop.css'
import './ledger/ledger.css'

startTheme()
startLanguage({
  'zh-CN': { common: commonZh, demo: demoZh },
  en: { common: commonEn, demo: demoEn },
})

const root = document.getElementById('root')
if (root) {
  createRoot(root).render(
    <StrictMode>
      <CrashGuard>
        <DemoPage />
      </CrashGuard>
    </StrictMode>,
  )
}
