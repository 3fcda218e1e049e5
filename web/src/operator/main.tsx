// The operator's entry. It is drawn as the counter is.
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { commonEn, commonZh } from '../common-words.ts'
import { startLanguage } from '../language.ts'
import { startTheme } from '../theme.ts'
import { CrashGuard } from '../ui/crash-guard.tsx'
import { operatorMovementsEn } from './movements/words-en.ts'
import { operatorMovementsZh } from './movements/words-zh.ts'
import { OperatorPage } from './operator-page.tsx'
import { operatorPointsEn } from './points/words-en.ts'
import { operatorPointsZh } from './points/words-zh.ts'
import { operatorEn } from './words-en.ts'
import { operatorZh } from './words-zh.ts'
import '../tokens.css'
import '../base.css'
import '../counter/counter.css'
import '../counter/forms.css'
import '../counter/lists.css'
import './operator.css'

startTheme()
startLanguage({
  'zh-CN': {
    ...{ common: commonZh, operator: operatorZh },
    ...{ operatorMovements: operatorMovementsZh, operatorPoints: operatorPointsZh },
  },
  en: {
    ...{ common: commonEn, operator: operatorEn },
    ...{ operatorMovements: operatorMovementsEn, operatorPoints: operatorPointsEn },
  },
})

const root = document.getElementById('root')
if (root) {
  createRoot(root).render(
    <StrictMode>
      <CrashGuard>
        <OperatorPage />
      </CrashGuard>
    </StrictMode>,
  )
}
