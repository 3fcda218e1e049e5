// Keys of `t` are checked against the Chinese tables.
import type { checkoutZh } from './checkout/words-zh.ts'
import type { commonZh } from './common-words.ts'
import type { billsZh } from './consumer/bills/words-zh.ts'
import type { cardBillZh } from './consumer/card-bills/words-zh.ts'
import type { codeZh } from './consumer/code/words-zh.ts'
import type { devicesZh } from './consumer/devices/words-zh.ts'
import type { peopleZh } from './consumer/people/words-zh.ts'
import type { pointsZh } from './consumer/points/words-zh.ts'
import type { topUpVoucherZh } from './consumer/top-up-voucher/words-zh.ts'
import type { appZh } from './consumer/words-zh.ts'
import type { counterZh } from './counter/words-zh.ts'
import type { demoZh } from './demo/words-zh.ts'
import type { operatorMovementsZh } from './operator/movements/words-zh.ts'
import type { operatorPeopleZh } from './operator/people/words-zh.ts'
import type { operatorPointsZh } from './operator/points/words-zh.ts'
import type { operatorVouchersZh } from './operator/vouchers/words-zh.ts'
import type { operatorZh } from './operator/words-zh.ts'
import type { staffZh } from './staff/words-zh.ts'

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'common'
    resources: {
      common: typeof commonZh
      demo: typeof demoZh
      checkout: typeof checkoutZh
      counter: typeof counterZh
      operator: typeof operatorZh
      operatorMovements: typeof operatorMovementsZh
      staff: typeof staffZh
      operatorPeople: typeof operatorPeopleZh
      operatorPoints: typeof operatorPointsZh
      operatorVouchers: typeof operatorVouchersZh
      app: typeof appZh
      code: typeof codeZh
      devices: typeof devicesZh
      people: typeof peopleZh
      bills: typeof billsZh
      cardBill: typeof cardBillZh
      points: typeof pointsZh
      topUpVoucher: typeof topUpVoucherZh
    }
  }
}
