/** What the payment page asks of the server. Anyone who has the address may look and act. */
import type { FastifyInstance, FastifyReply } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { type Clock, type Msisdn, masked, parseMsisdn, type Result } from '../../kernel/index.ts'
import type { Catalogue } from '../../merchants/index.ts'
import type { Payments } from '../../payments/index.ts'
import { follow, notFound, ProblemError, sendProblem } from '../http/index.ts'
import type { Checkout } from './checkout-store.ts'
import { type Checkouts, type EnterRefusal, resendAfterMs, stateOf } from './checkouts.ts'

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
      schema: {
        hide,
        params,
        headers: z.object({ 'idempotency-key': z.string().min(8).max(64) }),
        body: z.strictObject({ msisdn: z.string().max(20), captcha: z.string().max(8).optional() }),
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
        address: request.ip,
        captcha: request.body.captcha?.trim() ?? null,
        key: request.headers['idempotency-key'],
      })
      return answer(reply, entered)
    },
  )

  const acts = {
    resend: checkouts.remind,
    cancel: (id: string) => checkouts.cancel(id),
    'change-number': (id: string) => checkouts.stopPayment(id),
  }
  for (const [name, act] of Object.entries(acts))
    app.post(`/checkout/:id/${name}`, { schema: { hide, params } }, async (request, reply) => {
      await find(request.params.id)
      return answer(reply, await act(request.params.id))
    })

  app.get('/checkout/:id/stream', { schema: { hide, params } }, async (request, reply) => {
    const { id } = await find(request.params.id)
    follow(request, reply, {
      event: 'checkout',
      lookEveryMs: 1_500,
      quietMs: 50,
      read: async () => JSON.stringify(withoutClock(await viewOf(deps, await find(id)))),
      subscribe: (changed) => deps.payments.onChange(changed),
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
  const asking = state === 'waiting' && payment
  const captcha = state === 'enter' || state === 'declined' ? checkouts.captchaFor(checkout) : null
  return {
    id: checkout.id,
    merchant: { name: merchant?.name ?? { zh: '', en: '' }, site: merchant?.site ?? '' },
    goods: checkout.goods,
    amount: checkout.amount.toString(),
    orderNo: checkout.merchantOrderId,
    state,
    now,
    expiresAt: checkout.expiresAt,
    helpTel: merchant?.helpTel ?? '',
    ...(captcha && { captcha: { question: captcha.question } }),
    ...(payment && state !== 'enter' && { msisdn: masked(payment.msisdn) }),
    ...(asking && {
      from: asking.sender ?? '',
      replyBy: asking.deadlineAt,
      text: (await deps.questionOf({ paymentId: asking.id, msisdn: asking.msisdn })) ?? '',
      resendAfter: (asking.promptedAt ?? now) + resendAfterMs,
    }),
    ...(checkout.returnUrl !== null && { returnUrl: checkouts.returnUrlOf(checkout, state) }),
  }
}

const problems = {
  not_allowed_now: {
    status: 409,
    type: 'not_allowed_now',
    title: 'This payment page is past that step',
  },
  captcha_wrong: { status: 422, type: 'captcha_wrong', title: 'The sum is not right' },
  too_many_questions: {
    status: 429,
    type: 'too_many_questions',
    title: 'Too many texts were asked for. Nothing was charged; please come back in an hour',
  },
} as const
