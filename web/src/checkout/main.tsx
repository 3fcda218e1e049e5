// The hosted checkout's entry.
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { commonEn, commonZh } from '../common-words.ts'
import { startLanguage } from '../language.ts'
import { startTheme } from '../theme.ts'
import { CrashGuard } from '../ui/crash-guard.tsx'
import { CheckoutPage } from './checkout-page.tsx'
import { checkoutEn } from './words-en.ts'
import { checkoutZh } from './words-zh.ts'
import '../tokens.css'
import '../base.css'
import './checkout.css'
import './steps.css'
import './states.css'

startTheme()
startLanguage({
  'zh-CN': { common: commonZh, checkout: checkoutZh },
  en: { common: commonEn, checkout: checkoutEn },
})

const root = document.getElementById('root')
if (root) {
  createRoot(root).render(
    <StrictMode>
      <CrashGuard>
        <CheckoutPage />
      </CrashGuard>
    </StrictMode>,
  )
}
