/**
 * Which accounts and pending transfers a batch may move, known before it is decided, so that they are
 * locked together with what else many numbers share. More may be locked than is moved; never less.
 */
import type { BusinessDate } from '../kernel/index.ts'
import {
  type AccountRef,
  type LedgerNeeds,
  merchantPayable,
  merchantPending,
} from '../ledger/index.ts'
import type { Subscriber } from '../subscribers/index.ts'
import type { Command } from './command.ts'
import { fundsOf } from './funds.ts'
import type { Payment, State } from './payment.ts'
import { paidStates } from './payment.ts'
import type { Purse } from './purse.ts'
import { type RowKey, rowKeyOf } from './store.ts'

interface Loaded {
  readonly payments: readonly Payment[]
  readonly subscribers: ReadonlyMap<string, Subscriber>
  /** Of the merchants of refunds: up to which date their sales have become payable. */
  readonly swept: ReadonlyMap<string, BusinessDate | null>
  readonly purses: readonly Purse[]
}

/** The states in which a step of this kind may move money. */
const moving: Readonly<Record<string, readonly State[]>> = {
  validate: ['awaiting_confirm'],
  approve: ['awaiting_confirm'],
  cancel: ['reserved'],
  expire: ['reserved'],
  confirm: ['reserved'],
  carrier_answered: ['reserving', 'charging', 'charge_unknown', 'reversing'],
  delivery: ['delivering', 'delivery_unknown'],
  refund: paidStates,
  refund_answered: [...paidStates, 'refunded'],
}

export function moneyOf(commands: readonly Command[], loaded: Loaded): LedgerNeeds {
  const accounts = new Map<string, AccountRef>()
  const pendings = new Map<string, RowKey>()
  const byId = new Map(loaded.payments.map((payment) => [payment.id, payment]))
  const current = new Map(
    loaded.purses.flatMap((one) => (one.isCurrent ? [[one.msisdn, one] as const] : [])),
  )
  const add = (account: AccountRef) => accounts.set(`${account.bucket}/${account.name}`, account)
  const addPayment = (
    payment: Pick<Payment, 'bucket' | 'carrier' | 'card' | 'purse' | 'merchantId'>,
  ) => {
    add(fundsOf(payment))
    add(merchantPending(payment.bucket, payment.merchantId))
  }
  for (const command of commands) {
    const { kind, msisdn } = command
    if (kind === 'order') {
      const line = loaded.subscribers.get(msisdn)
      const { merchantId, card = null, source } = command.order
      const purse = source === 'wallet' ? (current.get(msisdn) ?? null) : null
      // What a wallet can pay is looked at in the ledger, be it asked about first or not.
      if ((isAtOnce(command.order) || purse) && line)
        addPayment({ bucket: line.bucket, carrier: line.carrier, card, purse, merchantId })
    } else if (kind === 'text') {
      const { yes, code } = command.text.reading
      if (yes || code !== null) openOf(loaded.payments, msisdn).forEach(addPayment)
    } else {
      const payment = byId.get(command.paymentId)
      if (!payment || !moving[kind]?.includes(payment.state)) continue
      addPayment(payment)
      // A refund of what was swept is taken from what the merchant is owed.
      if (isSwept(payment, loaded.swept)) add(merchantPayable(payment.bucket, payment.merchantId))
      const held = kind === 'refund_answered' ? command.refundId : payment.id
      if (settling.has(kind)) pendings.set(held, rowKeyOf(held))
    }
  }
  return { accounts: [...accounts.values()], pendings: [...pendings.values()] }
}

/** No question is asked: the customer has agreed already. */
export const isAtOnce = ({ consent }: Pick<Payment, 'consent'>): boolean =>
  consent === 'token' || consent === 'device'

/** The yes is the PIN, which whoever approves has checked. */
export const asksPin = ({ consent }: Pick<Payment, 'consent'>): boolean =>
  consent === 'pin' || consent === 'app'

const settling: ReadonlySet<Command['kind']> = new Set([
  'cancel',
  'expire',
  'confirm',
  'carrier_answered',
  'refund_answered',
])

/** Whose sales may be taken back by this batch. */
export function sellersOfRefunds(
  commands: readonly Command[],
  payments: readonly Payment[],
): string[] {
  const refunded = new Set(
    commands.flatMap((command) =>
      command.kind === 'refund' || (command.kind === 'delivery' && command.result === 'failed')
        ? [command.paymentId]
        : [],
    ),
  )
  const sold = payments.filter(({ id }) => refunded.has(id))
  return [...new Set(sold.map(({ merchantId }) => merchantId))]
}

/** The merchant has been credited with this sale. */
export function isSwept(
  { merchantId, businessDate }: Payment,
  swept: ReadonlyMap<string, BusinessDate | null>,
): boolean {
  const date = swept.get(merchantId) ?? null
  return date !== null && businessDate !== null && businessDate <= date
}

const openOf = (payments: readonly Payment[], msisdn: string) =>
  payments.filter((one) => one.msisdn === msisdn && one.state === 'awaiting_confirm')
