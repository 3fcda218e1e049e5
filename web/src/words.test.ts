import { expect, test } from 'vitest'
import { checkoutEn } from './checkout/words-en.ts'
import { checkoutZh } from './checkout/words-zh.ts'
import { commonEn, commonZh } from './common-words.ts'
import { billsEn } from './consumer/bills/words-en.ts'
import { billsZh } from './consumer/bills/words-zh.ts'
import { cardBillEn } from './consumer/card-bills/words-en.ts'
import { cardBillZh } from './consumer/card-bills/words-zh.ts'
import { codeEn } from './consumer/code/words-en.ts'
import { codeZh } from './consumer/code/words-zh.ts'
import { devicesEn } from './consumer/devices/words-en.ts'
import { devicesZh } from './consumer/devices/words-zh.ts'
import { peopleEn } from './consumer/people/words-en.ts'
import { peopleZh } from './consumer/people/words-zh.ts'
import { pointsEn } from './consumer/points/words-en.ts'
import { pointsZh } from './consumer/points/words-zh.ts'
import { topUpVoucherEn } from './consumer/top-up-voucher/words-en.ts'
import { topUpVoucherZh } from './consumer/top-up-voucher/words-zh.ts'
import { appEn } from './consumer/words-en.ts'
import { appZh } from './consumer/words-zh.ts'
import { counterEn } from './counter/words-en.ts'
import { counterZh } from './counter/words-zh.ts'
import { demoEn } from './demo/words-en.ts'
import { demoZh } from './demo/words-zh.ts'
import { operatorMovementsEn } from './operator/movements/words-en.ts'
import { operatorMovementsZh } from './operator/movements/words-zh.ts'
import { operatorPeopleEn } from './operator/people/words-en.ts'
import { operatorPeopleZh } from './operator/people/words-zh.ts'
import { operatorPointsEn } from './operator/points/words-en.ts'
import { operatorPointsZh } from './operator/points/words-zh.ts'
import { operatorVouchersEn } from './operator/vouchers/words-en.ts'
import { operatorVouchersZh } from './operator/vouchers/words-zh.ts'
import { operatorEn } from './operator/words-en.ts'
import { operatorZh } from './operator/words-zh.ts'

import { staffEn } from './staff/words-en.ts'
import { staffZh } from './staff/words-zh.ts'

type Words = { [key: string]: string | Words }

function flat(words: Words, path = ''): [string, string][] {
  return Object.entries(words).flatMap(([key, value]) =>
    typeof value === 'string'
      ? [[`${path}${key}`, value] as [string, string]]
      : flat(value, `${path}${key}.`),
  )
}

/** What a sentence leaves to be filled in, and the marks around its parts. */
function slots(text: string): string[] {
  return (text.match(/\{\{\w+\}\}|<\/?\w+>/g) ?? []).toSorted()
}

test.each<[string, Words, Words]>([
  ['common', commonZh, commonEn],
  ['demo', demoZh, demoEn],
  ['checkout', checkoutZh, checkoutEn],
  ['counter', counterZh, counterEn],
  ['staff', staffZh, staffEn],
  ['operator', operatorZh, operatorEn],
  ['operator movements', operatorMovementsZh, operatorMovementsEn],
  ['operator people', operatorPeopleZh, operatorPeopleEn],
  ['operator vouchers', operatorVouchersZh, operatorVouchersEn],
  ['operator points', operatorPointsZh, operatorPointsEn],
  ['app', appZh, appEn],
  ['code', codeZh, codeEn],
  ['bills', billsZh, billsEn],
  ['points', pointsZh, pointsEn],
  ['top-up voucher', topUpVoucherZh, topUpVoucherEn],
  ['people', peopleZh, peopleEn],
  ['card bills', cardBillZh, cardBillEn],
  ['devices', devicesZh, devicesEn],
])('%s says the same in both languages', (_, zh, en) => {
  const english = new Map(flat(en))
  expect([...english.keys()].toSorted()).toEqual(
    flat(zh)
      .map(([key]) => key)
      .toSorted(),
  )
  for (const [key, text] of flat(zh)) {
    expect([key, slots(english.get(key) ?? '')]).toEqual([key, slots(text)])
    expect(text.trim()).not.toBe('')
  }
})

test('nothing shouts', () => {
  const tables = [
    commonZh,
    commonEn,
    demoZh,
    demoEn,
    checkoutZh,
    checkoutEn,
    counterZh,
    counterEn,
    staffZh,
    staffEn,
    operatorZh,
    operatorEn,
    operatorMovementsZh,
    operatorMovementsEn,
    operatorPeopleZh,
    operatorPeopleEn,
    operatorPointsZh,
    operatorPointsEn,
    operatorVouchersZh,
    operatorVouchersEn,
    appZh,
    appEn,
    codeZh,
    codeEn,
    billsZh,
    billsEn,
    pointsZh,
    pointsEn,
    topUpVoucherZh,
    topUpVoucherEn,
    peopleZh,
    peopleEn,
    cardBillZh,
    cardBillEn,
    devicesZh,
    devicesEn,
  ]
  for (const words of tables) {
    for (const [, text] of flat(words)) expect(text).not.toMatch(/[!！]/)
  }
})
