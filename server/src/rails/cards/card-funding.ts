/**
 * A bound card behind the verbs that payments know. An operation bears the payment's id, so a verb said again
 * after a crash is the same operation; what the bank was asked and how it is undone is the operation's affair.
 */
import {
  type BankRefusalReason,
  type CardOperations,
  giveUp,
  type OperationAnswer,
  type OperationStatus,
} from '../../bank-cards/index.ts'
import { assert } from '../../kernel/index.ts'
import type {
  CardRefusal,
  CarrierAnswer,
  ChargeStatus,
  Funding,
  Payment,
} from '../../payments/index.ts'
import type { KeptPins } from './kept-pins.ts'

export interface CardFundingTools {
  readonly operations: Pick<
    CardOperations,
    'debit' | 'refund' | 'reverse' | 'statusOf' | 'refusalOf'
  >
  /** The vault's token of a card that was bound once, and whether it may pay now. */
  readonly cardOf: (
    cardId: string,
  ) => Promise<{ readonly token: string; readonly isActive: boolean }>
  /** Whether the bank asks for the customer's own PIN there: no other was kept. */
  readonly keepsPin: (bank: string) => boolean
  readonly pins: Pick<KeptPins, 'read' | 'forget'>
}

type NotDone = Exclude<OperationAnswer, { outcome: 'done' }>

export const createCardFunding =
  (tools: CardFundingTools) =>
  (payment: Payment): Funding => {
    const { operations } = tools
    const { id, card } = payment
    assert(card !== null, 'the payment is by card')
    return {
      async charge() {
        const { token: cardToken, isActive } = await tools.cardOf(card.id)
        // What was begun while the card was bound may have been taken: only its bank says what became of it.
        if (!isActive && (await operations.statusOf(id)) === 'not_found')
          return { outcome: 'refused', reason: 'card_needs_rebinding' }
        const pin = tools.keepsPin(card.bank) ? await tools.pins.read(id) : undefined
        const order = { id, bank: card.bank, cardToken, amount: payment.amount }
        const { orderNo } = payment
        const answer = await operations.debit({ ...order, orderNo, ...(pin && { pin }) })
        if (pin) await tools.pins.forget(id)
        const heard = answer.outcome === 'unsent' ? await giveUp(operations, id, answer) : answer
        return heard.outcome === 'done' ? charged(heard.trace.retrievalReference) : no(heard)
      },
      async query() {
        const status = await operations.statusOf(id)
        const value = statuses[status]
        if (value === undefined) return { outcome: 'unknown', detail: `the operation is ${status}` }
        const refusal = status === 'refused' ? await operations.refusalOf(id) : undefined
        return { outcome: 'done', value, ...(refusal && { reason: refusals[refusal.reason] }) }
      },
      async reverse() {
        if ((await operations.statusOf(id)) === 'not_found')
          return { outcome: 'done', value: 'not_found' }
        const answer = await operations.reverse(id)
        const isUndone = answer.outcome === 'reversed' || answer.outcome === 'refused'
        return isUndone ? { outcome: 'done', value: 'reversed' } : unclear(answer.outcome)
      },
      async refund({ refundId, amount }) {
        const answer = await operations.refund({ id: refundId, debitId: id, amount })
        if (answer.outcome === 'done') return { outcome: 'done', value: 'refunded' }
        return answer.outcome === 'refused' ? no(answer) : unclear(answer.outcome)
      },
      // A card takes the whole at once: nothing is reserved, and so nothing confirmed or given back.
      reserve: async () => ({ outcome: 'refused', reason: 'card_not_supported' }),
      commit: async () => ({ outcome: 'refused', reason: 'card_not_supported' }),
      release: async () => ({ outcome: 'done', value: 'released' }),
    }
  }

const charged = (reference: string | undefined): CarrierAnswer<'committed'> => ({
  outcome: 'done',
  value: 'committed',
  ...(reference !== undefined && { carrierRef: reference }),
})

const unclear = (outcome: string) => ({ outcome: 'unknown', detail: outcome }) as const

function no(answer: NotDone): Exclude<CarrierAnswer<never>, { outcome: 'done' }> {
  switch (answer.outcome) {
    case 'refused':
      return { outcome: 'refused', reason: refusals[answer.refusal.reason] }
    case 'unknown':
      return answer
    // Given up or taken back: either way nothing is taken, and the customer waits for a word.
    case 'unsent':
    case 'reversed':
      return { outcome: 'refused', reason: 'bank_away' }
  }
}

/** What a status proves about the money; of the others nobody knows yet. */
const statuses: Readonly<Partial<Record<OperationStatus, ChargeStatus>>> = {
  not_found: 'not_found',
  done: 'committed',
  reversed: 'reversed',
  refused: 'released',
}

/** The bank's reasons as far as a customer can act on them. */
const refusals: Readonly<Record<BankRefusalReason, CardRefusal>> = {
  ask_your_bank: 'card_ask_bank',
  merchant_unknown: 'card_declined',
  card_unavailable: 'card_unavailable',
  declined: 'card_declined',
  not_supported: 'card_not_supported',
  amount_invalid: 'card_declined',
  card_invalid: 'card_needs_rebinding',
  bank_not_supported: 'card_not_supported',
  try_again: 'bank_away',
  card_inactive: 'card_unavailable',
  original_state_differs: 'card_declined',
  format_wrong: 'bank_away',
  card_expired: 'card_expired',
  pin_tries_exceeded: 'card_pin_locked',
  no_account: 'card_declined',
  low_funds: 'card_low_funds',
  pin_wrong: 'card_pin_wrong',
  security_code_wrong: 'card_declined',
  restricted: 'card_ask_bank',
  over_limit: 'card_over_bank_limit',
  amount_differs_from_original: 'card_declined',
  over_count: 'card_over_bank_limit',
  session_out_of_step: 'bank_away',
  cut_over_running: 'bank_away',
  bank_unavailable: 'bank_away',
  terminal_unknown: 'bank_away',
  keys_out_of_step: 'bank_away',
  payee_account_wrong: 'card_declined',
  sms_code_needed: 'card_needs_rebinding',
  enrolment_needed: 'card_needs_rebinding',
  refused_by_bank: 'card_declined',
}
