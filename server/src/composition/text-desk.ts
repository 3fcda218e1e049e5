/** What the text desk for cards asks of others, from the modules that have it. */
import {
  createCardDesk,
  type DeskCard,
  type DeskPorts,
  endReasonText,
  type PinAnswer,
  type Words,
} from '../channels/sms/index.ts'
import {
  type Amount,
  accept,
  type Msisdn,
  type Result,
  refuse,
  type Secret,
} from '../kernel/index.ts'
import { refusalText, withdrawalFee } from '../wallet/index.ts'
import type { PinFacts } from '../wallet-pins/index.ts'
import type { Core } from './core.ts'

export function openTextDesk(core: Core) {
  const { db, clock, ids, catalogue, payments } = core
  const ports = { cards: cardsOf(core), pins: pinsOf(core), wallet: walletOf(core) }
  return createCardDesk({ db, clock, ids, catalogue, payments, ...ports })
}

const busy: Words = { zh: '银行暂不可用，请稍后再试', en: 'bank unavailable, try later' }

function cardsOf({ db, cards }: Core): DeskPorts['cards'] {
  const { view, bindings, banks, keptPins } = cards
  async function balance(
    { terms, pinKeptBy }: DeskCard,
    pin: Secret,
  ): Promise<Result<{ readonly available: Amount } | null, Words>> {
    const cardToken = (await bindings.find(db, terms.id))?.cardToken
    if (cardToken === undefined) return refuse(busy)
    const question = { bank: terms.bank, cardToken, ...(pinKeptBy === 'bank' && { pin }) }
    const answer = await banks.operations.balance(question)
    if (answer.outcome === 'done') return accept({ available: answer.value.available })
    if (answer.outcome !== 'refused') return accept(null)
    const { reason } = answer.refusal
    return refuse({ zh: endReasonText(reason, 'zh'), en: endReasonText(reason, 'en') })
  }
  return {
    of: view.cardsOf,
    async prefer(_, cardId) {
      await db.transact((tx) => bindings.setDefault(tx, cardId))
    },
    balance,
    keepPin: keptPins.keep,
  }
}

function pinsOf({ db, identities, walletPins }: Core): DeskPorts['pins'] {
  /** What a PIN must not be made of: the number itself, and the owner's document. */
  async function factsOf(msisdn: Msisdn): Promise<PinFacts> {
    const owner = await identities.ownerOf(db, msisdn)
    if (!owner) return {}
    const { number } = await identities.reveal(db, owner.identityId, { for: 'pin_rules' })
    return { idNumber: number }
  }
  return {
    async check(msisdn, pin) {
      const checked = await walletPins.check(msisdn, pin, 'sms')
      return checked.ok ? checked : refuse(pinAnswer(checked.refusal))
    },
    async change(msisdn, pins) {
      const facts = await factsOf(msisdn)
      const changed = await walletPins.change({ msisdn, ...pins, channel: 'sms' }, facts)
      return changed.ok ? changed : refuse(pinAnswer(changed.refusal))
    },
  }
}

type PinCode = PinAnswer['code']

const pinAnswer = ({ code, triesLeft }: { code: PinCode; triesLeft?: number }): PinAnswer =>
  code === 'wrong' ? { code, triesLeft: triesLeft ?? 0 } : { code }

function walletOf({ clock, policy, cards: { wallet } }: Core): DeskPorts['wallet'] {
  type Moved = Awaited<ReturnType<typeof wallet.topUp>>
  const told = (moved: Moved): Result<undefined, Words> => {
    if (moved.ok) return accept(undefined)
    const detail = { ...moved, now: clock.now() }
    const { refusal } = moved
    return refuse({
      zh: refusalText(refusal, 'zh', detail),
      en: refusalText(refusal, 'en', detail),
    })
  }
  return {
    available: async (msisdn) => (await wallet.balance(msisdn))?.available ?? null,
    feeOf: (withdrawal) => withdrawalFee(policy.current(), withdrawal),
    topUp: async (order) => told(await wallet.topUp({ ...order, channel: 'sms' })),
    withdraw: async (order) => told(await wallet.withdraw({ ...order, channel: 'sms' })),
  }
}
