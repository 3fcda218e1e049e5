// Bills of credit cards in English.
import type { Translated } from '../../names.ts'
import type { cardBillZh } from './words-zh.ts'

export const cardBillEn: Translated<typeof cardBillZh> = {
  title: 'Card bill',
  none: 'No bill of this card is known yet. Its bank tells it after the bill day, or you enter it here.',
  due: 'Due on {{day}}',
  left: 'Left to repay',
  amount: 'This bill',
  minimum: 'At least',
  paid: 'Repaid',
  onTheWay: 'On its way',
  by: { bank: 'Told by the bank', customer: 'Entered by you' },
  settled: 'Nothing is left to repay.',
  repay: 'Repay',
  all: 'All of it',
  least: 'The minimum',
  from: 'From',
  balance: 'Wallet balance',
  sheet: 'Confirm the repayment',
  auto: {
    title: 'Repay by itself',
    lead: 'On the due day at 9:00 from your wallet balance, with the fee; again at 15:00 if it is not enough. We text you the day before.',
    off: 'Off',
    full: 'The whole bill',
    minimum: 'The minimum',
    sheet: 'Confirm with your PIN',
  },
  enter: {
    title: 'Enter the bill',
    billedOn: 'Bill day',
    dueOn: 'Due day',
    save: 'Save',
  },
  ask: {
    title: 'Ask the bank',
    lead: 'This bank tells a bill only with the card’s PIN.',
    act: 'Ask with PIN',
  },
}
