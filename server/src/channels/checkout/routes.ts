/** What the payment page asks of the server. Anyone who has the address may look and act. */
import type { FastifyInstance, FastifyReply } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { type Clock, type Msisdn, masked, parseMsisdn, type Result } from '../../kernel/index.ts'
import type { Catalogue } from '../../merchants/index.ts'
import { day, type Payment, type Payments } from '../../payments/index.ts'
import { follow, notFound, ProblemError, sendProblem } from '../http/index.ts'
import { resendAfterMs } from './admission.ts'
import type { Checkout } from './checkout-store.ts'
import type { Checkouts, EnterRefusal } from './checkouts.ts'
import { type PageState, shownState, stateOf, takesNumber } from './page-state.ts'
import type { Limits, Offered } from './sources.ts'

export interface CheckoutRoutes {
  readonly checkouts: Checkouts
  readonly payments: Payments
  readonly catalogue: Catalogue
  readonly clock: Clock
  /** The text of the question that was sent, for the page to show. */
  readonly questionOf: (payment: { paymentId: string; msisdn: Msisdn }) => Promise<string | null>
}

const params = z.object({ id: z.uuid() })
const hide = true

export async function checkoutRoutes(root: FastifyInstance, deps: CheckoutRoutes): Promise<void> {
  const app = root.withTypeProvider<ZodTypeProvider>()
  const { checkouts } = deps
  const find = async (id: string) => {
    const checkout = await checkouts.get(id)
    if (!checkout) throw notFound('payment page')
    return checkout
  }
  const answer = async (reply: FastifyReply, result: Result<Checkout, EnterRefusal>) =>
    result.ok ? viewOf(deps, result.value) : sendProblem(reply, problems[result.refusal])

  app.get('/checkout/:id', { schema: { hide, params } }, async (request) =>
    viewOf(deps, await find(request.params.id)),
  )

  app.post(
    '/checkout/:id/number',
    {
      config: { admission: 'order' },
      schema: {
        hide,
        params,
        headers: z.object({ 'idempotency-key': z.string().min(8).max(64) }),
        body: z.strictObject({
          msisdn: z.string().max(20),
          source: z.enum(['phone_bill', 'card', 'wallet']).default('phone_bill'),
          captcha: z.string().max(8).optional(),
        }),
      },
    },
    async (request, reply) => {
      await find(request.params.id)
      const msisdn = parseMsisdn(request.body.msisdn)
      if (!msisdn.ok)
        throw new ProblemError({
          status: 422,
          type: 'not_a_mobile_number',
          title: 'This is no mobile number of eleven digits',
        })
      const entered = await checkouts.enter(request.params.id, {
        msisdn: msisdn.value,
        source: request.body.source,
        address: request.ip,
        captcha: request.body.captcha?.trim() ?? null,
        key: request.headers['idempotency-key'],
      })
      return answer(reply, entered)
    },
  )

  const acts = {
    resend: (id: string, address: string) => checkouts.remind(id, address),
    cancel: (id: string) => checkouts.cancel(id),
    'change-number': (id: string) => checkouts.changeNumber(id),
  }
  for (const [name, act] of Object.entries(acts))
    app.post(`/checkout/:id/${name}`, { schema: { hide, params } }, async (request, reply) => {
      await find(request.params.id)
      return answer(reply, await act(request.params.id, request.ip))
    })

  const stream = { config: { admission: 'stream' }, schema: { hide, params } } as const
  app.get('/checkout/:id/stream', stream, async (request, reply) => {
    const { id } = await find(request.params.id)
    let shown: string | null = null
    follow(request, reply, {
      lookEveryMs: 1_500,
      quietMs: 50,
      async read() {
        const checkout = await find(id)
        shown = checkout.paymentId
        return { checkout: JSON.stringify(withoutClock(await viewOf(deps, checkout))) }
      },
      stamped: (text) => JSON.stringify({ ...JSON.parse(text), now: deps.clock.now() }),
      // Every page of this process hears of every payment: only its own is worth a look.
      subscribe: (changed) =>
        deps.payments.onChange((paymentId) => paymentId === shown && changed()),
    })
  })
}

/** A stream says something when something changed; the time alone is no change. */
const withoutClock = (view: Awaited<ReturnType<typeof viewOf>>) => ({ ...view, now: undefined })

async function viewOf(deps: CheckoutRoutes, checkout: Checkout) {
  const { checkouts, catalogue, clock } = deps
  const payment = await checkouts.paymentOf(checkout)
  const merchant = catalogue.merchant(checkout.merchantId)
  const now = clock.now()
  const state = stateOf(checkout, payment, now)
  const captcha = takesNumber(state) ? checkouts.captchaFor(checkout) : null
  return {
    id: checkout.id,
    merchant: { name: merchant?.name ?? { zh: '', en: '' }, site: merchant?.site ?? '' },
    goods: checkout.goods,
    amount: checkout.amount.toString(),
    orderNo: checkout.merchantOrderId,
    state: shownState(state, payment),
    now,
    expiresAt: checkout.expiresAt,
    helpTel: merchant?.helpTel ?? '',
    ...(state === 'enter' && limitsOf(checkouts.sourcesOf(checkout))),
    ...(state === 'enter' && { appUrl: checkouts.appUrlOf(checkout) }),
    ...(captcha && { captcha: { question: captcha.question } }),
    ...(payment && state !== 'enter' && { msisdn: masked(payment.msisdn) }),
    ...(payment && state === 'waiting' && (await questionIn(deps, payment))),
    ...(payment && numbered.has(state) && { paymentNo: payment.orderNo, source: payment.source }),
    ...(payment?.chargedAt && { paidAt: payment.chargedAt }),
    ...(payment?.state === 'charge_unknown' && {
      answerBy: (payment.unknownSince ?? now) + day,
    }),
    ...(checkout.returnUrl !== null && { returnUrl: checkouts.returnUrlOf(checkout, state) }),
  }
}

/** The operator's limits for everybody; what is left of a number's own is nobody's business here. */
const limitsOf = ({ phone_bill: bill, card, wallet }: Offered) => ({
  ...(bill && { limits: inWords(bill) }),
  ...(card && { cardLimits: inWords(card) }),
  ...(wallet && { walletLimits: inWords(wallet) }),
})

const inWords = ({ single, day, month }: Limits) => ({
  single: single.toString(),
  day: day.toString(),
  ...(month !== null && { month: month.toString() }),
})

/**
 * From the question on there is a purchase that can be asked about; a declined number has none to show,
 * and what it was to pay with would tell of its card.
 */
const numbered: ReadonlySet<PageState> = new Set(['waiting', 'processing', 'paid', 'unknown'])

async function questionIn(deps: CheckoutRoutes, payment: Payment) {
  const { id: paymentId, msisdn, source, sender, promptedAt, deadlineAt, createdAt } = payment
  const sentAt = promptedAt ?? createdAt
  return {
    from: sender ?? '',
    replyBy: deadlineAt,
    sentAt,
    resendAfter: sentAt + resendAfterMs,
    // The text of a purchase by card names bank and card: that is for the phone alone.
    ...(source === 'phone_bill' && {
      text: (await deps.questionOf({ paymentId, msisdn })) ?? '',
    }),
  }
}

const problems = {
  not_allowed_now: {
    status: 409,
    type: 'not_allowed_now',
    title: 'This payment page is past that step',
  },
  source_not_offered: {
    status: 422,
    type: 'source_not_offered',
    title: 'This purchase cannot be paid in that way',
  },
  captcha_wrong: { status: 422, type: 'captcha_wrong', title: 'The sum is not right' },
  carrier_away: {
    status: 503,
    type: 'carrier_away',
    title: 'The carrier cannot be reached just now. Nothing was charged; please try again soon',
  },
  too_many_questions: {
    status: 429,
    type: 'too_many_questions',
    title: 'Too many texts were asked for. Nothing was charged; please come back in an hour',
  },
} as const
