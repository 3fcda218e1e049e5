// The operator's entry. It is drawn as the counter is.
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { commonEn, commonZh } from '../common-words.ts'
import { startLanguage } from '../language.ts'
import { staffEn } from '../staff/words-en.ts'
import { staffZh } from '../staff/words-zh.ts'
import { startTheme } from '../theme.ts'
import { CrashGuard } from '../ui/crash-guard.tsx'
import { operatorMovementsEn } from './movements/words-en.ts'
import { operatorMovementsZh } from './movements/words-zh.ts'
import { OperatorPage } from './operator-page.tsx'
import { operatorPeopleEn } from './people/words-en.ts'
import { operatorPeopleZh } from './people/words-zh.ts'
import { operatorPointsEn } from './points/words-en.ts'
import { operatorPointsZh } from './points/words-zh.ts'
import { operatorVouchersEn } from './vouchers/words-en.ts'
import { operatorVouchersZh } from './vouchers/words-zh.ts'
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
    ...{ common: commonZh, staff: staffZh, operator: operatorZh },
    ...{ operatorMovements: operatorMovementsZh, operatorPeople: operatorPeopleZh },
    operatorPoints: operatorPointsZh,
    operatorVouchers: operatorVouchersZh,
  },
  en: {
    ...{ common: commonEn, staff: staffEn, operator: operatorEn },
    ...{ operatorMovements: operatorMovementsEn, operatorPeople: operatorPeopleEn },
    operatorPoints: operatorPointsEn,
    operatorVouchers: operatorVouchersEn,
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
