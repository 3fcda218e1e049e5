/** Billers, bills and what was paid for them, as the standard shows them. */
import {
  type Bill,
  type BillerFacts,
  isPaid,
  isUndecided,
  maskedAccount,
} from '../../billers/index.ts'
import { fields } from '../http/index.ts'
import { amountText } from './amount.ts'

export const companyView = ({ code, kind, name, city, account }: BillerFacts) => ({
  ...{ serviceProvider: code, serviceProviderType: kind, companyName: name.en },
  supplementaryServiceProviderDetails: [
    { key: 'companyNameZh', value: name.zh },
    { key: 'city', value: city.en },
    { key: 'consumerNoName', value: account.en },
    { key: 'consumerNoPattern', value: account.pattern.source },
  ],
})

const datesOf = ({ inquiredAt, paidAt, endedAt }: Bill) => ({
  creationDate: fields.iso(inquiredAt),
  modificationDate: fields.iso(endedAt ?? paidAt ?? inquiredAt),
})

export function billView(bill: Bill) {
  const { id, nameEn, accountNo, due, min, validUntil } = bill
  const left = leftOf(bill)
  return {
    ...{ billReference: id, ...statusOf(bill) },
    ...{ amountDue: amountText(left), currency: 'CNY' },
    minimumAmountDue: amountText(left < due ? 0n : min),
    billdescription: `${nameEn} ${maskedAccount(accountNo)}`,
    ...datesOf(bill),
    ...(bill.state === 'inquired' && {
      metadata: [{ key: 'validUntil', value: fields.iso(validUntil) }],
    }),
  }
}

/** What its payment leaves to be paid. */
const leftOf = (bill: Bill) => {
  const left = bill.due - (isPaid(bill) ? (bill.amount ?? 0n) : 0n)
  return left > 0n ? left : 0n
}

/** While nobody knows whether the biller has it, the standard has no word for it. */
function statusOf(bill: Bill) {
  if (isUndecided(bill)) return {}
  if (bill.state !== 'written_off') return { billStatus: 'unpaid' }
  return { billStatus: leftOf(bill) > 0n ? 'partialpaid' : 'paid' }
}

/** Of a bill that was paid for, whoever took the payment. */
export const billPaymentView = (bill: Bill) => ({
  billPaymentStatus: isUndecided(bill)
    ? 'pending'
    : bill.state === 'written_off'
      ? 'completed'
      : 'failed',
  ...{ amountPaid: amountText(bill.amount ?? 0n), currency: 'CNY' },
  ...(bill.receiptNo !== null && { serviceProviderPaymentReference: bill.receiptNo }),
  ...datesOf(bill),
})
