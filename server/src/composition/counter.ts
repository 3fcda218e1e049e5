/** The counter's API over the modules that do what a clerk asks for. */
import type { FastifyInstance } from 'fastify'
import { type BindingRefusal, bindingWords } from '../bank-cards/index.ts'
import {
  type CounterDesk,
  counterRoutes,
  createLater,
  type Ports,
} from '../channels/counter/index.ts'
import type { Guesses } from '../channels/http/index.ts'
import { appendJobs, type Tx } from '../db/index.ts'
import { bucketOf, type Msisdn, type Secret } from '../kernel/index.ts'
import { CarrierAway, cardNumber, secretText } from '../payments/index.ts'
import type { Staff } from '../staff/index.ts'
import { findSubscriber, simChanged } from '../subscribers/index.ts'
import { filled, walletWords } from '../wallet/index.ts'
import { agreement } from './agreement.ts'
import { coolOffOf } from './cool-off.ts'
import type { Core } from './core.ts'

export async function openCounter(
  app: FastifyInstance,
  core: Core,
  given: { readonly https: boolean; readonly staff: Staff; readonly wrongSignIns: Guesses },
): Promise<void> {
  const { db, clock, time, policy, log } = core
  const desk: CounterDesk = {
    ...{ db, clock, time, agreement, ...given },
    ...portsOf(core),
    later: createLater({
      waitsMs: askAgainMs,
      onError: (error) => log.error({ err: error }, 'asking a bank again failed'),
    }),
    get cashApprovalAbove() {
      return policy.current().cashApprovalAbove
    },
  }
  await app.register(async (scope) => counterRoutes(scope, desk))
}

/** Twice: with the first question and one by hand that is as often as a card may be asked about in a day. */
const askAgainMs = [5_000, 30_000]

const portsOf = (core: Core): Ports => ({
  identities: core.identities,
  pins: core.walletPins,
  cards: core.cards.bindings,
  bankName(bank) {
    const { zh, en } = core.cards.bindingTools.bins.termsOf(bank) ?? { zh: bank, en: bank }
    return { zh, en }
  },
  bills: core.cards.repayments,
  wallet: core.cards.wallet,
  points: core.points,
  words: counterWords,
  lines: {
    async know(msisdn) {
      try {
        await core.knowNumber(msisdn)
        return true
      } catch (error) {
        if (error instanceof CarrierAway) return false
        throw error
      }
    },
    coolOffUntil: (reader, msisdn) => coolOffOf(core, reader, msisdn),
    simChanged: (tx, command, now) =>
      simChanged(tx, command, { now, signOut: core.signIns.endAll }),
  },
  notices: {
    initialPin: (tx, { msisdn, pin }) => tellPin(core, tx, { msisdn, pin, id: 'T19' }),
    resetPin: (tx, { msisdn, pin }) => tellPin(core, tx, { msisdn, pin, id: 'pin_reset' }),
  },
})

/** The PIN travels sealed, and is opened when its text is handed to the gateway. */
async function tellPin(
  { clock, ids, keys, policy }: Core,
  tx: Tx,
  told: { readonly msisdn: Msisdn; readonly pin: Secret; readonly id: 'T19' | 'pin_reset' },
): Promise<void> {
  const { msisdn: to, pin: code, id } = told
  const now = clock.now()
  const language = (await findSubscriber(tx, to, now))?.language ?? 'zh'
  const notice = { id, hours: policy.current().initialPinHours }
  const text = { id: ids.next(bucketOf(to), now), to, from: cardNumber, language, paymentId: null }
  appendJobs(tx, [secretText(keys, { ...text, notice, code }, now)])
}

const isOf = <Name extends string>(table: Readonly<Record<Name, unknown>>, name: string) =>
  Object.hasOwn(table, name) ? (name as Name) : undefined

/** The words of cards and of the wallet, as a clerk reads them. */
export const counterWords: Ports['words'] = {
  cards: {
    names: Object.keys(bindingWords),
    of(name) {
      const refusal = isOf<BindingRefusal>(bindingWords, name)
      return refusal && bindingWords[refusal]
    },
  },
  wallet: {
    names: Object.keys(walletWords),
    of(name, detail) {
      const refusal = isOf(walletWords, name)
      return refusal && filled(walletWords[refusal], detail)
    },
  },
}
