// Words of the operator's page of unknown movements, in English.
import type { Translated } from '../../names.ts'
import type { operatorMovementsZh } from './words-zh.ts'

export const operatorMovementsEn: Translated<typeof operatorMovementsZh> = {
  title: 'Movements nobody knows the outcome of',
  lead: 'Whether the bank did it is not known yet, and the money stays where it is. Most end by the bank’s answer or its next daily file; what is left two people end after comparing with the bank.',
  none: 'There is no movement with an unknown outcome.',
  look: 'Say what was found',
  lookAgain: 'Look again',
  kind: {
    top_up: 'Top-up',
    withdrawal: 'Withdrawal',
    repayment: 'Credit card repayment',
    card_transfer: 'Transfer to a card',
  },
  fact: {
    customer: 'Customer',
    bank: 'Bank',
    card: 'Card ending in',
    payee: 'Payee',
    fee: 'Fee',
    requested: 'Asked for at',
    since: 'Unknown since',
    number: 'Number',
    age: 'Age',
  },
  atBank:
    'The bank’s answer, its file or a difference with it will still say what became of it; people cannot decide it now.',
  known: 'It is known by now what became of it.',
  found: 'What the comparison with the bank has shown',
  outcome: {
    in: { done: 'The bank has taken the money', not_done: 'The bank has taken nothing' },
    out: { done: 'The bank has paid it to the card', not_done: 'The bank has paid nothing' },
  },
  outcomeMissing: 'Choose what was found.',
  will: {
    in: {
      done: 'The amount goes into the customer’s wallet, who is told by text.',
      not_done: 'Nothing goes into the wallet; the customer is told by text.',
    },
    out: {
      done: 'It counts as paid, and the customer is told by text.',
      not_done: 'Amount and fee go back into the wallet; the customer is told by text.',
    },
  },
  done: {
    in: {
      done: 'It is in the customer’s wallet.',
      not_done: 'Ended; nothing went into the wallet.',
    },
    out: { done: 'It counts as paid.', not_done: 'It is back in the customer’s wallet.' },
  },
  submit: 'Both agree: do it',
  lost: 'No answer came, it may be done. Try again with a fresh code, or go back and see whether it is still there: it is done once.',
}
