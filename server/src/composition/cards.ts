/** Bound cards, wallets and the banks behind them: put together before payments, which cards may pay. */
import {
  type BillAsking,
  type BillNotice,
  type BindingChange,
  type BindingTools,
  type CardBills,
  type CardBindings,
  type CardEffect,
  createBillAsking,
  createCardBills,
  createCardBindings,
  createPayeeCards,
  type PayeeCards,
  wakeBills,
} from '../bank-cards/index.ts'
import { createCardVault } from '../card-vault/index.ts'
import { appendJobs, type Tx } from '../db/index.ts'
import { isIdNumber } from '../identities/index.ts'
import { assert, bucketOf } from '../kernel/index.ts'
import { cardNumber, type Funding, type Payment, topics } from '../payments/index.ts'
import { createCardFunding, createKeptPins, type KeptPins } from '../rails/cards/index.ts'
import { type AutoNotice, createRepayments, type Repayments } from '../repayments/index.ts'
import { coolOffUntil, findSubscribers } from '../subscribers/index.ts'
import { awaitsCard, createWallet, type Followers, type WalletModule } from '../wallet/index.ts'
import { type Banks, type BankTools, openBanks } from './banks.ts'
import { openBinTable } from './bin-table.ts'
import { autoNotice, billNotice, bindingNotice, type Told } from './binding-notice.ts'
import { type CardView, createCardView } from './card-view.ts'
import type { Core } from './core.ts'

export interface Cards {
  readonly banks: Banks
  readonly bindings: CardBindings
  readonly wallet: WalletModule
  readonly keptPins: KeptPins
  readonly view: CardView
  readonly bindingTools: BindingTools
  /** The reminder of a bill, in the transaction that notes it. */
  readonly tellBill: (tx: Tx, bill: BillNotice) => Promise<void>
  readonly tellAuto: (tx: Tx, notice: AutoNotice) => Promise<void>
  readonly bills: CardBills
  readonly billAsking: BillAsking
  readonly repayments: Repayments
  readonly payeeCards: PayeeCards
  /** The bank of a payment by card, behind the verbs of payments. */
  readonly funding: (payment: Payment) => Funding
}

/** What stands before cards are put together. */
export type Parts = Pick<
  Core,
  'config' | 'db' | 'clock' | 'ids' | 'time' | 'keys' | 'cipher' | 'log' | 'policy' | 'identities'
>

/** `open` brings the banks up: over TCP and from files, as the settings name them, unless it is another. */
export async function openCards(
  parts: Parts,
  followers: Followers,
  open: (tools: BankTools) => Promise<Banks> = openBanks,
): Promise<Cards> {
  const { config, db, clock, ids, keys, cipher, log, identities } = parts
  const vault = createCardVault({ db, keys, clock, ids, cipher })
  const bins = openBinTable(config)
  const onEffect = async (tx: Tx, effect: CardEffect) => {
    await bindings.apply(tx, effect)
  }
  const banks = await open({ ...parts, vault, onEffect })
  const bindingTools: BindingTools = {
    ...{ db, clock, ids, vault, bins, isPayee: awaitsCard },
    owners: identities,
    isIdentityNumber: (number) => isIdNumber(number.reveal(), clock.now()),
    bankOf: banks.linkedBankOf,
    async onChange(tx, change) {
      await tell(tx, parts, bindingNotice(bins, change))
      if (concernsBills(change)) wakeBills(tx, change.after, clock.now())
    },
    onAlarm: (event, facts) => log.error({ alarm: event, ...facts }, 'a binding needs a look'),
  }
  const bindings = createCardBindings(bindingTools)
  const keptPins = createKeptPins({ db, clock, keys })
  const wallet = openWallet(parts, { bindings, banks, followers })
  const cardOf = async (id: string) => {
    const card = await bindings.find(db, id)
    assert(card, 'a card that was bound once stays')
    return { token: card.cardToken, isActive: card.state === 'active' }
  }
  const { operations } = banks
  const bills = createCardBills({ clock, time: parts.time })
  const billAsking = createBillAsking({
    ...{ db, clock, time: parts.time, bills },
    ...{ balance: operations.balance, keepsPin: banks.keepsPin },
  })
  const repayments = createRepayments({
    ...{ db, clock, bills, asking: billAsking, find: bindings.find },
  })
  return {
    ...{ banks, bindings, wallet, keptPins, bindingTools, bills, billAsking, repayments },
    payeeCards: createPayeeCards({
      db,
      vault,
      bins,
      isLinked: (bank) => !!banks.linkedBankOf(bank),
    }),
    tellAuto: (tx, notice) => tell(tx, parts, autoNotice(bins, notice, clock.now())),
    tellBill: (tx, bill) => tell(tx, parts, billNotice(bins, bill)),
    view: createCardView({ ...parts, bins, bindings, banks }),
    funding: createCardFunding({ operations, cardOf, keepsPin: banks.keepsPin, pins: keptPins }),
  }
}

function openWallet(
  { db, clock, ids, time, keys, log, policy, identities }: Parts,
  {
    bindings,
    banks,
    followers,
  }: {
    readonly bindings: CardBindings
    readonly banks: Banks
    readonly followers: Followers
  },
): WalletModule {
  const { operations } = banks
  return createWallet({
    ...{ db, clock, ids, keys, log, operations },
    refresh: policy.refresh,
    context: {
      time,
      policy: policy.current,
      followers,
      cards: {
        async read(reader, cardIds, now) {
          return (await bindings.read(reader, cardIds)).map((card) => {
            const limit = bindings.limitFor(card, now)
            const { id, msisdn, identityId, bank, kind, cardToken: token, last4 } = card
            const isFinished = card.state !== 'draft' && card.boundAt !== null
            const state = !isFinished ? 'unfinished' : bound[card.state]
            const debitMax = limit.ok ? limit.value.single : 0n
            return { id, msisdn, identityId, bank, kind, token, last4, state, debitMax }
          })
        },
      },
      owners: {
        async read(reader, msisdns) {
          const lines = await findSubscribers(reader, msisdns, clock.now())
          const owners = await Promise.all(
            msisdns.map(async (msisdn) => ({
              msisdn,
              owner: await identities.ownerOf(reader, msisdn),
            })),
          )
          return owners.flatMap(({ msisdn, owner }) => {
            const line = lines.get(msisdn)
            if (!owner || !line) return []
            const { identityId, level } = owner
            return [
              { msisdn, identityId, level, coolOffUntil: coolOffUntil(line, policy.current()) },
            ]
          })
        },
      },
    },
  })
}

/** A card that is asked about anew pays for nothing until its bank has said yes. */
const bound = {
  draft: 'unfinished',
  verifying: 'needs_rebinding',
  code_sent: 'needs_rebinding',
  active: 'active',
  needs_rebinding: 'needs_rebinding',
  suspended: 'suspended',
  unbound: 'unbound',
} as const

/** A credit card that is bound has a bill, and one that is unbound has none any more. */
const concernsBills = ({ before, after }: BindingChange) =>
  after.kind === 'credit' &&
  after.boundAt !== null &&
  before?.state !== after.state &&
  (after.state === 'active' || after.state === 'unbound')

/** In the transaction of what is told: told once, in the order of what happened. */
async function tell(tx: Tx, { clock, ids }: Parts, told: Told | null): Promise<void> {
  if (told === null) return
  const { to, notice } = told
  const now = clock.now()
  const bucket = bucketOf(to)
  const language = (await findSubscribers(tx, [to], now)).get(to)?.language ?? 'zh'
  const payload = { to, from: cardNumber, language, notice, paymentId: null }
  const subject = ids.next(bucket, now)
  appendJobs(tx, [{ bucket, topic: topics.sms, subject, dueAt: now, payload }])
}
