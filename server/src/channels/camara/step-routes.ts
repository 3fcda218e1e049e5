/** The later steps of a two-step payment: validate, confirm, cancel. */
import type { FastifyInstance, FastifyReply } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { Msisdn } from '../../kernel/index.ts'
import type { Payment, StepRefusal } from '../../payments/index.ts'
import type { Caller } from '../oauth/index.ts'
import { type CamaraDependencies, defaultWaitMs } from './dependencies.ts'
import { ownPayment, payerOf } from './payer.ts'
import { CamaraProblem, common, paymentProblems, problem, validationProblem } from './problems.ts'
import { paymentParams, phoneNumberBody, validateBody } from './requests.ts'
import { errorsOf } from './responses.ts'
import { callerOf, type OperationConfig } from './scope.ts'
import { statusOf } from './status.ts'

const config: OperationConfig = { scope: 'carrier-billing:payments:write' }
const shared = {
  tags: ['Two Step Payment'],
  security: [{ openId: ['carrier-billing:payments:write'] }],
  params: paymentParams,
}
const nothing = z.undefined().describe('No body')

export function registerSteps(app: FastifyInstance, deps: CamaraDependencies): void {
  const { payments } = deps
  const typed = app.withTypeProvider<ZodTypeProvider>()
  typed.post(
    '/payments/:paymentId/validate',
    {
      config,
      schema: {
        ...shared,
        summary: 'Validate a payment',
        operationId: 'validatePayment',
        body: validateBody,
        response: { 204: nothing, ...errorsOf(400, 404, 409) },
      },
    },
    async (request, reply) => {
      const payment = await ownPayment(payments, callerOf(request), request.params.paymentId)
      await validate(payment, request.body, deps)
      return empty(reply, 204)
    },
  )
  for (const step of ['confirm', 'cancel'] as const)
    typed.post(
      `/payments/:paymentId/${step}`,
      {
        config,
        schema: {
          ...shared,
          summary: step === 'confirm' ? 'Confirm a payment' : 'Cancel a payment',
          operationId: `${step}Payment`,
          body: phoneNumberBody,
          response: { 202: nothing, ...errorsOf(400, 404, 409, 422) },
        },
      },
      async (request, reply) => {
        const caller = callerOf(request)
        const msisdn = payerOf(caller, request.body.phoneNumber)
        const payment = await settledPayment(deps, caller, request.params.paymentId, msisdn)
        await (step === 'confirm' ? confirm : cancel)(payment, deps)
        return empty(reply, 202)
      },
    )
}

/** The published tests expect a content type on these answers too, though they have no content. */
const empty = (reply: FastifyReply, status: 202 | 204) =>
  reply.code(status).header('content-type', 'application/json').send()

async function validate(
  payment: Payment,
  { authorizationId, code }: z.infer<typeof validateBody>,
  { payments, waitMs = defaultWaitMs }: CamaraDependencies,
): Promise<void> {
  const { id: paymentId, msisdn } = payment
  if (authorizationId !== paymentId)
    throw new CamaraProblem(
      400,
      'CARRIER_BILLING.INVALID_AUTHORIZATION_ID',
      'Invalid authorizationId.',
    )
  if (statusOf(payment) !== 'pending_validation') throw notValidatable(payment)
  const validated = await payments.validate({ paymentId, msisdn, code })
  if (validated.ok) {
    // Whether the reservation then succeeds is the payment's state to tell, not this answer's.
    await payments.settled(paymentId, waitMs)
    return
  }
  const { refusal } = validated
  if (refusal !== 'not_allowed_now') throw validationProblem(refusal)
  // Something was faster (its time ran out, another request): what it is now says why.
  throw notValidatable((await payments.get(paymentId)) ?? payment)
}

function notValidatable({ state, reason, consent, confirmedAt }: Payment): CamaraProblem {
  if (state === 'refused' && reason === 'code_wrong') return validationProblem('no_tries_left')
  if (state === 'expired' && consent === 'code' && confirmedAt === null)
    return validationProblem('too_late')
  return problem(common.alreadyExists, 'Payment already validated')
}

/** The caller's payment of this number, once the carrier has answered for its reservation. */
async function settledPayment(
  deps: CamaraDependencies,
  caller: Caller,
  paymentId: string,
  msisdn: Msisdn,
): Promise<Payment> {
  const { payments, waitMs = defaultWaitMs } = deps
  const payment = await ownPayment(payments, caller, paymentId)
  if (payment.msisdn !== msisdn) throw problem(common.numberNotFound)
  if (payment.state !== 'reserving') return payment
  return (await payments.settled(paymentId, waitMs)) ?? payment
}

async function confirm(payment: Payment, deps: CamaraDependencies): Promise<void> {
  const { payments, waitMs = defaultWaitMs } = deps
  const { id: paymentId, msisdn } = payment
  const confirmed = await payments.confirm({ paymentId, msisdn })
  if (!confirmed.ok) throw await stepProblem('confirm', confirmed.refusal, paymentId, deps)
  const settled = (await payments.settled(paymentId, waitMs)) ?? payment
  if (statusOf(settled) === 'denied' && settled.reason !== null)
    throw problem(paymentProblems[settled.reason])
}

async function cancel(payment: Payment, deps: CamaraDependencies): Promise<void> {
  const { id: paymentId, msisdn } = payment
  const cancelled = await deps.payments.cancel({ paymentId, msisdn })
  if (!cancelled.ok) throw await stepProblem('cancel', cancelled.refusal, paymentId, deps)
}

const isConfirmed = new CamaraProblem(
  409,
  'CARRIER_BILLING.PAYMENT_CONFIRMED',
  'Payment has been confirmed.',
)
const isCancelled = new CamaraProblem(
  409,
  'CARRIER_BILLING.PAYMENT_CANCELLED',
  'Payment has been cancelled.',
)

/** Another step was faster, or the payment is not there yet: its state now says which. */
async function stepProblem(
  step: 'confirm' | 'cancel',
  refusal: StepRefusal,
  paymentId: string,
  { payments }: CamaraDependencies,
): Promise<CamaraProblem> {
  if (refusal === 'too_late') return isCancelled
  if (refusal in paymentProblems)
    return problem(paymentProblems[refusal as keyof typeof paymentProblems])
  const payment = await payments.get(paymentId)
  if (!payment) return problem(common.notFound)
  const status = statusOf(payment)
  if (status === 'cancelled') return isCancelled
  if (status === 'denied' && step === 'cancel') return isCancelled
  if (status === 'denied') return problem(paymentProblems[payment.reason ?? 'refused_by_carrier'])
  const charged = payment.confirmedAt !== null && payment.state !== 'reserving'
  if (charged) return isConfirmed
  const [code, name] = paymentProblems.refused_by_carrier
  return new CamaraProblem(code, name, 'The payment is not reserved yet.')
}
