/** Why a bill was not entered, in words for whoever entered it. */
import type { BillRefusal } from './bills.ts'
import { type BindingWords, bindingWords } from './words.ts'

export const billWords: Readonly<Record<BillRefusal, BindingWords>> = {
  unknown_binding: bindingWords.unknown_binding,
  state_differs: bindingWords.state_differs,
  not_a_credit_card: { code: 'BC-02', zh: '此卡不是信用卡', en: 'This is no credit card' },
  dates_invalid: {
    code: 'BC-05',
    zh: '账单日或还款日有误',
    en: 'Bill day or due day cannot be right',
  },
  amount_invalid: {
    code: 'BC-06',
    zh: '账单金额或最低还款额有误',
    en: 'Amount or minimum cannot be right',
  },
  bank_says_otherwise: {
    code: 'BC-07',
    zh: '本期账单以银行为准，不能修改',
    en: 'The bank has said what this bill is',
  },
}
