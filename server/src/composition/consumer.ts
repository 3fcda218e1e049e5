/** The app's API over the modules that do what a customer asks for. */
import type { FastifyInstance } from 'fastify'
import type { AppOrders } from '../channels/checkout/index.ts'
import { type AppCard, type ConsumerDesk, consumerRoutes } from '../channels/consumer/index.ts'
import {
  billInquiries,
  codeRequests,
  consumerGuesses,
  createGuesses,
  payeeLooks,
  voucherGuesses,
} from '../channels/http/index.ts'
import { endReasonText, reasonText } from '../channels/sms/index.ts'
import { accept, type Msisdn, refuse } from '../kernel/index.ts'
import { readCode } from '../merchant-qr/index.ts'
import { balanceOfCard } from './card-balance.ts'
import { codeRoomOf } from './code-room.ts'
import { coolOffOf } from './cool-off.ts'
import type { Core } from './core.ts'
import { pinFactsOf } from './pin-facts.ts'
import { openPasskeys } from './sign-ins.ts'

export async function openConsumer(
  app: FastifyInstance,
  core: Core,
  { origin, orders }: { readonly origin: string; readonly orders: AppOrders },
): Promise<void> {
  const { db, clock, time, signIns, identities, walletPins, policy } = core
  const desk: ConsumerDesk = {
    ...{ db, clock, time, signIns, identities, origin },
    passkeys: openPasskeys(core, origin),
    coolOffUntil: (msisdn) => coolOffOf(core, db, msisdn),
    pins: walletPins,
    pinFactsOf: (msisdn) => pinFactsOf(core, msisdn),
    wallet: core.cards.wallet,
    statements: core.statements,
    transfers: core.transfers,
    billers: core.billers,
    points: core.points,
    topUpVouchers: core.topUpVouchers,
    payments: core.payments,
    codes: core.codes,
    orders: { get: orders.get, takeOn: orders.takeOn },
    readCode: (text) => {
      const read = readCode(origin, text)
      return read.ok ? read.value : null
    },
    openAmountOf: (id) => {
      const merchant = core.catalogue.merchant(id)
      return merchant?.status === 'on' ? merchant.openAmount : null
    },
    merchantName: (id) => core.catalogue.merchant(id)?.name ?? { zh: id, en: id },
    paymentWords: (refusal, left) => ({
      zh: reasonText(refusal, 'zh', left),
      en: reasonText(refusal, 'en', left),
    }),
    codeRoom: (payer) => codeRoomOf(core, payer),
    cards: cardsOf(core),
    cardBills: core.cards.repayments,
    payeeCards: core.cards.payeeCards,
    bankWords: (reason) => ({
      zh: endReasonText(reason, 'zh'),
      en: endReasonText(reason, 'en'),
    }),
    policy: policy.current,
    guesses: createGuesses(consumerGuesses, clock),
    codeRequests: createGuesses(codeRequests, clock),
    payeeLooks: createGuesses(payeeLooks, clock),
    voucherGuesses: createGuesses(voucherGuesses, clock),
    billInquiries: createGuesses(billInquiries, clock),
  }
  await app.register(async (scope) => consumerRoutes(scope, desk))
}

function cardsOf(core: Core): ConsumerDesk['cards'] {
  const { db, cards } = core
  async function of(msisdn: Msisdn): Promise<AppCard[]> {
    const shown = await cards.view.cardsOf(msisdn)
    return shown.map(({ terms, kind, state, pinKeptBy }) => ({
      ...{ id: terms.id, bank: terms.bankName, kind, last4: terms.last4, state, pinKeptBy },
    }))
  }
  return {
    of,
    async paying(msisdn) {
      const shown = await cards.view.cardsOf(msisdn)
      return shown.filter(({ state }) => state === 'active')
    },
    keepPin: cards.keptPins.keep,
    async prove(id, pin) {
      const bank = (await cards.bindings.find(db, id))?.bank
      if (bank === undefined) return refuse(null)
      const answer = await balanceOfCard(core, { id, bank }, pin)
      if (!answer.ok) return answer
      return answer.value === null ? refuse(null) : accept(undefined)
    },
  }
}
