/** createPayment (one step) and preparePayment (the first of two). */
import type { FastifyContextConfig, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import type { Msisdn } from '../../kernel/index.ts'
import type { Consent, Flow, Payment } from '../../payments/index.ts'
import { deadlineOf } from '../http/index.ts'
import type { Caller } from '../oauth/index.ts'
import { chargedAmount } from './charged-amount.ts'
import { type CamaraDependencies, defaultWaitMs } from './dependencies.ts'
import { paymentDetails, type RequestKeys, withDetails } from './details.ts'
import { businessKeys, conflictOf, idempotencyKeyOf } from './keys.ts'
import { payerOf } from './payer.ts'
import { paymentUrl, presentPayment, presentPrepared } from './present.ts'
import { paymentProblems, problem } from './problems.ts'
import { type CreatePaymentBody, createPaymentBody } from './requests.ts'
import { errorsOf, paymentAnswer, preparedAnswer } from './responses.ts'
import { sandboxNumbers, sandboxOrderRefusal } from './sandbox/numbers.ts'
import { callerOf, type OperationConfig } from './scope.ts'
import { storeSink } from './sink.ts'
import { statusOf } from './status.ts'

export function registerCreate(app: FastifyInstance, deps: CamaraDependencies): void {
  const config = {
    scope: 'carrier-billing:payments:create',
    admission: 'order',
  } as const satisfies OperationConfig & FastifyContextConfig
  const security = [{ openId: ['carrier-billing:payments:create'] }]
  const errors = errorsOf(400, 404, 409, 422)
  const typed = app.withTypeProvider<ZodTypeProvider>()
  typed.post(
    '/payments',
    {
      config,
      schema: {
        tags: ['One Step Payment'],
        summary: 'Create a new Payment',
        operationId: 'createPayment',
        security,
        body: createPaymentBody,
        response: { 201: paymentAnswer, ...errors },
      },
    },
    async (request, reply) => {
      const payment = await place(request, request.body, 'charge', deps)
      return created(reply, payment, deps).send(presentPayment(payment, deps.origin))
    },
  )
  typed.post(
    '/payments/prepare',
    {
      config,
      schema: {
        tags: ['Two Step Payment'],
        summary: 'Prepare (reserve) a payment',
        operationId: 'preparePayment',
        security,
        body: createPaymentBody,
        response: { 201: preparedAnswer, ...errors },
      },
    },
    async (request, reply) => {
      const payment = await place(request, request.body, 'reserve', deps)
      return created(reply, payment, deps).send(presentPrepared(payment, deps.origin))
    },
  )
}

const created = (reply: FastifyReply, payment: Payment, { origin }: CamaraDependencies) =>
  reply.code(201).header('location', paymentUrl(origin, payment))

/** Orders, waits for the carrier, and throws what went wrong. */
async function place(
  request: FastifyRequest,
  body: CreatePaymentBody,
  flow: Flow,
  deps: CamaraDependencies,
): Promise<Payment> {
  const { payments, cipher, clock, ids } = deps
  const caller = callerOf(request)
  const { amountTransaction, ...notices } = body
  const { phoneNumber, ...asked } = amountTransaction
  const msisdn = payerOf(caller, phoneNumber)
  const amount = chargedAmount(asked.paymentAmount.chargingInformation)
  const refusal = caller.test ? sandboxOrderRefusal(msisdn) : undefined
  if (refusal !== undefined) throw problem(paymentProblems[refusal])
  const keys = { ...asked, idempotencyKey: idempotencyKeyOf(request) }
  const details = { ...keys, ...storeSink(notices, cipher, clock.now()) }
  const content = { ...asked, flow, msisdn, sink: notices.sink }
  const goods = goodsOf(asked.paymentAmount.chargingInformation.description)
  const order = {
    msisdn,
    merchantId: caller.merchantId,
    what: { amount, goods },
    channel: 'api',
    consent: consentOf(caller, flow, msisdn, deps),
    flow,
    keys: businessKeys('payment', caller.clientId, { ...keys, content }, ids),
    merchantOrderId: asked.referenceCode,
    client: caller.clientId,
    details: withDetails(details, caller.test),
  } as const
  const placed = await payments.order(order, deadlineOf(request, clock.now()))
  if (!placed.ok)
    throw placed.refusal === 'exists_with_different_content'
      ? conflict(keys, placed.payment)
      : problem(paymentProblems[placed.refusal])
  const { payment } = placed.value
  const settled = (await payments.settled(payment.id, deps.waitMs ?? defaultWaitMs)) ?? payment
  if (statusOf(settled) === 'denied' && settled.reason !== null)
    throw problem(paymentProblems[settled.reason])
  return settled
}

/**
 * A three-legged token is the customer's own agreement. Without one he is asked: by code for a
 * reservation, by a reply for a charge, unless the operator trusts the merchant's own sign-in.
 */
function consentOf(
  caller: Caller,
  flow: Flow,
  msisdn: Msisdn,
  { catalogue }: CamaraDependencies,
): Consent {
  if (flow === 'reserve' && caller.test && msisdn === sandboxNumbers.code) return 'code'
  if (caller.msisdn !== undefined) return 'token'
  if (flow === 'reserve') return 'code'
  return catalogue.merchant(caller.merchantId)?.directCharge ? 'token' : 'reply'
}

function conflict(keys: RequestKeys, earlier: Payment | null) {
  if (!earlier) return conflictOf(keys, undefined)
  const open = ['processing', 'pending_validation', 'reserved']
  const unfinished = open.includes(statusOf(earlier))
  return conflictOf(keys, { keys: paymentDetails(earlier), unfinished })
}

const goodsLengthMax = 40

/** The merchant's words go into a text message: one line, not too long. */
function goodsOf(description: string) {
  const line = description.replace(/[\p{C}\p{Z}\s]+/gu, ' ').trim()
  const name = [...line].slice(0, goodsLengthMax).join('') || '-'
  return { zh: name, en: name }
}
