/** The mobile money API over the modules that do what its clients ask for. */
import type { FastifyPluginAsync } from 'fastify'
import { accountLooks, billInquiries, createGuesses, type Guesses } from '../channels/http/index.ts'
import {
  createInstructionWorker,
  createMobileMoney,
  type InstructionDependencies,
} from '../channels/mobile-money/index.ts'
import type { Oauth } from '../channels/oauth/index.ts'
import { recordNotices } from '../channels/webhooks/index.ts'
import type { Worker } from '../db/index.ts'
import type { Core } from './core.ts'

function partsOf(core: Core): InstructionDependencies {
  const { db, clock, ids, cipher, payments, transfers, billers, log } = core
  return {
    ...{ db, clock, ids, cipher, payments, transfers, billers, log, wallet: core.cards.wallet },
    notify: (tx, callback) =>
      recordNotices(tx, [{ ...callback, method: 'PUT' }], { cipher, now: clock.now() }),
  }
}

export function openMobileMoney(
  core: Core,
  { oauth, guesses }: { readonly oauth: Oauth; readonly guesses: Guesses },
): FastifyPluginAsync {
  return createMobileMoney({
    ...partsOf(core),
    ...{ verify: oauth.verify, guesses, looks: createGuesses(accountLooks, core.clock) },
    ...{ pins: core.walletPins, transfers: core.transfers, statements: core.statements },
    ...{ billers: core.billers, inquiries: createGuesses(billInquiries, core.clock) },
  })
}

export const mobileMoneyWorker = (core: Core): Worker =>
  createInstructionWorker({
    ...partsOf(core),
    onError: (error) => core.log.error({ err: error }, 'a mobile money instruction comes again'),
  })
