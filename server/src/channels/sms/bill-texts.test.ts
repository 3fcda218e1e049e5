import { splitText } from '@telepurse/sms'
import { expect, test } from 'vitest'
import type { BillNotice } from '../../billers/index.ts'
import { billerRefusals } from '../../billers/index.ts'
import { isOfBills } from './bill-texts.ts'
import { recordOf, textOf } from './texts.ts'

const billed = {
  amount: '5000000',
  name: { zh: '江城自来水', en: 'Jiangcheng Water' },
  account: '****5678',
}
const change = { at: '2026-11-23T14:32:08', balance: '123456789' }
const reasons = [...billerRefusals, 'away', 'taken_back', 'not_in_file'] as const

/** Every notice with the longest values it can have; a new notice does not compile without a row. */
const notices: { readonly [Id in BillNotice['id']]: readonly BillNotice[] } = {
  bill_written_off: [{ id: 'bill_written_off', ...billed, ...change, receiptNo: 'R00000001' }],
  bill_unknown: [{ id: 'bill_unknown', ...billed }],
  bill_returned: reasons.map((reason) => ({ id: 'bill_returned', ...billed, ...change, reason })),
  bill_due: [{ id: 'bill_due', ...billed }],
}

test.each(
  Object.values(notices)
    .flat()
    .flatMap((notice) => (['zh', 'en'] as const).map((language) => ({ notice, language }))),
)('$notice.id in $language says the amount and the account, shortly', ({ notice, language }) => {
  const text = textOf(notice, language)
  const split = splitText(text, { reference: 7 })
  // A reason may need a second message; what happened to the money stands in the first.
  const most = notice.id === 'bill_returned' ? 2 : 1
  expect([text, split.ok && split.value.length <= most]).toEqual([text, true])
  expect(recordOf(notice, language)).toBe(text)
  expect(isOfBills(notice)).toBe(true)
  for (const part of ['50000.00', '****5678']) expect(text.slice(0, 67)).toContain(part)
  if ('balance' in notice) expect(text).toContain('1234567.89')
})

test('the fixed words of the trade', () => {
  const [unknown] = notices.bill_unknown
  if (!unknown) throw new Error('there is one')
  expect(textOf(unknown, 'zh')).toContain('已扣款，销账处理中，请勿重复缴费')
  expect(textOf(unknown, 'en')).toContain('paid, being credited. Do not pay again')
})
