import fc from 'fast-check'
import { expect, test } from 'vitest'
import { anyApplication, valueIn } from '../test/codes.ts'
import { makeConsumerCode, readConsumerCode } from './consumer/code.ts'
import { type ConsumerData, consumerTemplate } from './consumer/data.ts'
import { describeConsumerCode } from './consumer/describe.ts'
import type { MerchantCode } from './merchant/code.ts'
import { describeMerchantCode } from './merchant/describe.ts'

const shop: MerchantCode = {
  initiation: 'static',
  accounts: [
    { id: '02', value: '4111111111111111' },
    {
      id: '26',
      objects: [
        { id: '00', value: 'A005266284662577' },
        { id: '01', value: '13800138000' },
      ],
    },
  ],
  categoryCode: '5812',
  currency: '156',
  amount: '1234567890.12',
  tip: { kind: 'percentage', percentage: '5' },
  country: 'CN',
  name: 'Shop 13800138000\n54 amount 0.01',
  city: 'Wuhan',
  postalCode: '430000',
  additional: {
    billNumber: '6212142600000000167',
    mobileNumber: '13800138000',
    loyaltyNumber: '***',
    customerLabel: 'Zhang San',
    reserved: [{ id: '12', value: 'Zhang San' }],
    templates: [{ id: '50', objects: [{ id: '00', value: '6212142600000000167' }] }],
  },
  localName: { language: 'zh', name: '面馆 138 0013 8000', city: '武汉' },
  reserved: [{ id: '65', value: 'Zhang San' }],
  templates: [{ id: '80', objects: [{ id: '01', value: '最佳' }] }],
}

test('a merchant’s code for people', () => {
  expect(describeMerchantCode(shop)).toEqual([
    '01 initiation static',
    '02 account ••••1111',
    '26 account A005266284662577 01 (11 characters)',
    '52 category 5812',
    '53 currency 156',
    '54 amount 1234567890.12',
    '55 tip percentage',
    '57 percentage 5',
    '58 country CN',
    '59 name Shop *******8000?54 amount 0.01',
    '60 city Wuhan',
    '61 postal_code 430000',
    '62.01 bill_number 621214*********0167',
    '62.02 mobile_number ••••',
    '62.04 loyalty_number ***',
    '62.06 customer_label ••••',
    '62.12 (9 characters)',
    '62.50 template 621214*********0167',
    '64.00 language zh',
    '64.01 name 面馆 *********8000',
    '64.02 city 武汉',
    '65 (9 characters)',
    '80 template  01 (2 characters)',
  ])
})

test('a consumer’s code for people', () => {
  const data: ConsumerData = {
    aid: 'A000000333010102',
    label: 'Card 6212142600000000167',
    track2: '6263600100713672=23122010000018801',
    pan: '6212142600000000167',
    cardholderName: 'ZHANG/SAN',
    paymentAccountReference: 'V0010013821193500154901862123',
    panLastDigits: '0042',
    others: [
      { tag: '9F26', value: new Uint8Array(8) },
      { tag: '9F36', value: new Uint8Array([1, 2]) },
      { tag: '63', value: [{ tag: '5A', value: new Uint8Array([0x62, 0x12]) }] },
    ],
  }
  const template = valueIn(consumerTemplate('61', { ...data, label: 'Card 12345678901' }))
  const code = valueIn(readConsumerCode(valueIn(makeConsumerCode([template]))))
  expect(describeConsumerCode(code)).toEqual([
    '61 4F aid A000000333010102',
    '61 50 label Card *******8901',
    '61 57 track2 626360******3672••••',
    '61 5A pan 621214*********0167',
    '61 5F20 cardholder_name ••••',
    '61 9F24 payment_account_reference ••••',
    '61 9F25 pan_last_digits 0042',
    '61 9F26 (8 octets)',
    '61 9F36 0102',
    '61 63 5A (2 octets)',
  ])
})

test('no card number is in any line, wherever it stood', () => {
  const pan = '6212142600000000167'
  const hidden = (code: string) => {
    expect(code).not.toContain(pan)
    expect(code).not.toContain(pan.slice(6, -4))
  }
  fc.assert(
    fc.property(anyApplication, (data) => {
      const withPan = { ...data, pan, track2: `${pan}=2312201000001`, label: pan.slice(0, 16) }
      const made = makeConsumerCode([valueIn(consumerTemplate('61', withPan))])
      if (made.ok) hidden(describeConsumerCode(valueIn(readConsumerCode(made.value))).join('\n'))
    }),
    { numRuns: 100 },
  )
  for (const account of ['02', '25']) {
    const accounts = [{ id: account, value: pan }]
    const localName = { language: 'zh', name: `面馆${pan}` }
    const additional = { referenceLabel: pan, terminalLabel: `T${pan}` }
    hidden(describeMerchantCode({ ...shop, accounts, localName, additional, name: pan }).join('\n'))
  }
})
