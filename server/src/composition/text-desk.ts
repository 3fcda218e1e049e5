/** What the text desk for cards asks of others, from the modules that have it. */
import {
  createCardDesk,
  type DeskPorts,
  endReasonText,
  type PinAnswer,
  type Words,
} from '../channels/sms/index.ts'
import { accept, type Result, refuse } from '../kernel/index.ts'
import type { Payments } from '../payments/index.ts'
import { topUpVoucherWords } from '../top-up-vouchers/index.ts'
import { cardFee, filled, walletWords } from '../wallet/index.ts'
import { balanceOfCard } from './card-balance.ts'
import type { Core } from './core.ts'
import { pinFactsOf } from './pin-facts.ts'

type Parts = Pick<
  Core,
  | 'db'
  | 'clock'
  | 'ids'
  | 'catalogue'
  | 'cards'
  | 'walletPins'
  | 'policy'
  | 'identities'
  | 'topUpVouchers'
> & { readonly payments: Payments }

export function openTextDesk(core: Parts) {
  const { db, clock, ids, catalogue, payments } = core
  const ports = {
    ...{ cards: cardsOf(core), bills: billsOf(core) },
    ...{ pins: pinsOf(core), wallet: walletOf(core), vouchers: vouchersOf(core) },
  }
  return createCardDesk({ db, clock, ids, catalogue, payments, ...ports })
}

function cardsOf(core: Parts): DeskPorts['cards'] {
  const { db, cards } = core
  const { view, bindings, keptPins } = cards
  return {
    of: view.cardsOf,
    async prefer(_, cardId) {
      await db.transact((tx) => bindings.setDefault(tx, cardId))
    },
    balance: ({ terms, pinKeptBy }, pin) =>
      balanceOfCard(core, terms, pinKeptBy === 'bank' ? pin : undefined),
    keepPin: keptPins.keep,
  }
}

function billsOf({ cards: { repayments } }: Parts): DeskPorts['bills'] {
  return {
    async look({ terms }, pin) {
      const seen = await repayments.look(terms.id, pin)
      if (seen.ok) return accept(seen.value ?? null)
      const { reason } = seen.refusal.refusal
      return refuse({ zh: endReasonText(reason, 'zh'), en: endReasonText(reason, 'en') })
    },
  }
}

function pinsOf(core: Parts): DeskPorts['pins'] {
  const { walletPins } = core
  return {
    async check(msisdn, pin) {
      const checked = await walletPins.check(msisdn, pin, 'sms')
      return checked.ok ? checked : refuse(pinAnswer(checked.refusal))
    },
    async change(msisdn, pins) {
      const facts = await pinFactsOf(core, msisdn)
      const changed = await walletPins.change({ msisdn, ...pins, channel: 'sms' }, facts)
      return changed.ok ? changed : refuse(pinAnswer(changed.refusal))
    },
  }
}

const vouchersOf = ({ topUpVouchers }: Parts): DeskPorts['vouchers'] => ({
  async use(given) {
    const used = await topUpVouchers.use(given)
    return used.ok ? accept(undefined) : refuse(topUpVoucherWords[used.refusal])
  },
})

type PinCode = PinAnswer['code']

const pinAnswer = ({ code, triesLeft }: { code: PinCode; triesLeft?: number }): PinAnswer =>
  code === 'wrong' ? { code, triesLeft: triesLeft ?? 0 } : { code }

function walletOf({ clock, policy, cards: { wallet } }: Parts): DeskPorts['wallet'] {
  type Moved = Awaited<ReturnType<typeof wallet.topUp>>
  const told = (moved: Moved): Result<undefined, Words> => {
    if (moved.ok) return accept(undefined)
    const { zh, en } = filled(walletWords[moved.refusal], { ...moved, now: clock.now() })
    return refuse({ zh, en })
  }
  return {
    available: async (msisdn) => (await wallet.balance(msisdn))?.available ?? null,
    feeOf: wallet.withdrawalFee,
    repaymentFeeOf: (amount) => cardFee(policy.current(), amount),
    repay: async (order) => told(await wallet.repay({ ...order, channel: 'sms' })),
    topUp: async (order) => told(await wallet.topUp({ ...order, channel: 'sms' })),
    withdraw: async (order) => told(await wallet.withdraw({ ...order, channel: 'sms' })),
  }
}
