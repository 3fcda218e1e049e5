/** Every route merchants, customers and the operator use, hung on one HTTP server. */
import type { FastifyInstance } from 'fastify'
import { camaraRoutes } from '../channels/camara/index.ts'
import { checkoutRoutes, createAppOrders, createCheckouts } from '../channels/checkout/index.ts'
import { createGuesses, keyGuesses, operatorGuesses, staffGuesses } from '../channels/http/index.ts'
import type { HttpClient } from '../channels/http-client/index.ts'
import { callerOf, merchantApiRoutes } from '../channels/merchant-api/index.ts'
import type { Oauth } from '../channels/oauth/index.ts'
import { operatorRoutes } from '../channels/operator/index.ts'
import { messagesOf } from '../channels/sms/index.ts'
import { type EventRecorder, merchantWebhookRoutes } from '../channels/webhooks/index.ts'
import type { Msisdn } from '../kernel/index.ts'
import { apiKeyVerifier } from '../merchants/index.ts'
import { createStaff } from '../staff/index.ts'
import { openConsumer } from './consumer.ts'
import type { Core } from './core.ts'
import { openCounter } from './counter.ts'
import { openMobileMoney } from './mobile-money.ts'
import { isTestNumber } from './test-numbers.ts'

export interface ApiTools {
  readonly oauth: Oauth
  readonly recorder: EventRecorder
  readonly client: HttpClient
  readonly origin: string
}

/** A number's newest texts are enough to find the one that was just sent. */
const recentTexts = 100

export async function apiRoutes(app: FastifyInstance, core: Core, tools: ApiTools): Promise<void> {
  const { db, clock, ids, time, payments, catalogue, cipher, fieldKey } = core
  const policy = core.policy.current
  const { oauth, recorder, client, origin } = tools
  const guesses = createGuesses(keyGuesses, clock)
  const door = { verifyKey: apiKeyVerifier(catalogue, clock), guesses }
  const hasBanks = core.cards.banks.health().length > 0
  const checkouts = createCheckouts({
    db,
    clock,
    ids,
    payments,
    catalogue,
    policy,
    origin,
    fieldKey,
    acceptsCards: hasBanks,
    // Where there is no bank there is none to top a wallet up from.
    acceptsWallets: hasBanks,
    cardOf: core.cards.view.payingCardOf,
  })

  await merchantApiRoutes(app, {
    db,
    clock,
    time,
    payments,
    catalogue,
    checkouts,
    scans: core.scans,
    origin,
    isTestNumber,
    cardOf: core.cards.view.payingCardOf,
    ...door,
  })
  await app.register(async (scope) =>
    merchantWebhookRoutes(scope, {
      db,
      clock,
      ids,
      cipher,
      client,
      recorder,
      callerOf: (request) => callerOf(request, door),
    }),
  )
  const questionOf = async (asked: { paymentId: string; msisdn: Msisdn }) => {
    const texts = await messagesOf(db, asked.msisdn, recentTexts)
    const sent = texts.filter((text) => text.paymentId === asked.paymentId)
    return sent.at(-1)?.text ?? null
  }
  await checkoutRoutes(app, { checkouts, payments, catalogue, clock, questionOf })
  const staff = createStaff({ db, clock, ids, time, cipher })
  const wrongSignIns = createGuesses(staffGuesses, clock)
  const staffDoor = { https: origin.startsWith('https:'), staff, wrongSignIns }
  await openCounter(app, core, staffDoor)
  const orders = createAppOrders({ db, clock, payments, checkouts })
  await openConsumer(app, core, { origin, orders })
  await app.register(oauth.plugin)
  await app.register(
    camaraRoutes({
      payments,
      catalogue,
      verify: oauth.verify,
      guesses,
      cipher,
      clock,
      ids,
      origin,
      sandboxMessages: async (msisdn) =>
        (await messagesOf(db, msisdn, recentTexts))
          .filter((text) => text.direction === 'out')
          .reverse()
          .map((text) => ({ at: text.at, from: text.service, text: text.text })),
    }),
  )
  await app.register(openMobileMoney(core, { oauth, guesses }))
  await app.register(async (scope) =>
    operatorRoutes(scope, {
      ...core,
      ...staffDoor,
      wallet: core.cards.wallet,
      token: core.config.operatorToken,
      signOut: core.signIns.endAll,
      wrongTokens: createGuesses(operatorGuesses, clock),
    }),
  )
}
