/** createRefund: all that is left of a payment, or a part of it, back to the bill. */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import type { Payment, Refund, RefundRefusal } from '../../payments/index.ts'
import { chargedAmount } from './charged-amount.ts'
import { type CamaraDependencies, defaultWaitMs } from './dependencies.ts'
import { type RequestKeys, refundDetails, withDetails } from './details.ts'
import { businessKeys, conflictOf, idempotencyKeyOf } from './keys.ts'
import { ownPayment } from './payer.ts'
import { presentRefund, requestOf } from './present.ts'
import {
  detailsMismatch,
  problem,
  refundDenied,
  refundProblems,
  refundTooMuch,
  taxesMismatch,
} from './problems.ts'
import {
  type CreateRefundBody,
  createRefundBody,
  type PartialRefundAmount,
  paymentParams,
} from './requests.ts'
import { errorsOf, refundAnswer } from './responses.ts'
import { sandboxRefundRefusal } from './sandbox/numbers.ts'
import { callerOf, type OperationConfig } from './scope.ts'
import { storeSink } from './sink.ts'
import { refundStatusOf, statusOf } from './status.ts'

export function registerRefund(app: FastifyInstance, deps: CamaraDependencies): void {
  const config: OperationConfig = { scope: 'carrier-billing-refund:refunds:create' }
  app.withTypeProvider<ZodTypeProvider>().post(
    '/payments/:paymentId/refunds',
    {
      config,
      schema: {
        tags: ['Refund'],
        summary: 'Create a new Refund',
        operationId: 'createRefund',
        security: [{ openId: ['carrier-billing-refund:refunds:create'] }],
        params: paymentParams,
        body: createRefundBody,
        response: { 201: refundAnswer, ...errorsOf(400, 404, 409, 422) },
      },
    },
    async (request, reply) => {
      const { paymentId } = request.params
      const payment = await ownPayment(deps.payments, callerOf(request), paymentId)
      const refund = await giveBack(request, request.body, payment, deps)
      return reply.code(201).send(presentRefund(refund, payment))
    },
  )
}

async function giveBack(
  request: FastifyRequest,
  body: CreateRefundBody,
  payment: Payment,
  deps: CamaraDependencies,
): Promise<Refund> {
  const { payments, cipher, clock, ids } = deps
  const caller = callerOf(request)
  const { type, reason = '', amountTransaction: asked } = body
  const amount = body.type === 'partial' ? partOf(body, payment) : undefined
  const refusal = caller.test ? sandboxRefundRefusal(payment.msisdn) : undefined
  if (refusal !== undefined) throw problem(refundProblems[refusal])
  const keys = { ...asked, idempotencyKey: idempotencyKeyOf(request) }
  const content = { ...asked, type, reason, paymentId: payment.id, sink: body.sink }
  const details = { ...keys, type, ...storeSink(body, cipher, clock.now()) }
  const placed = await payments.refund({
    paymentId: payment.id,
    msisdn: payment.msisdn,
    ...(amount !== undefined && { amount }),
    reason,
    keys: businessKeys('refund', caller.clientId, { ...keys, content }, ids),
    merchantRefundId: asked.referenceCode,
    client: caller.clientId,
    details: withDetails(details, caller.test),
  })
  if (!placed.ok) throw await refundProblem(placed.refusal, keys, payment, deps)
  const { value: refund } = placed
  const settled = (await payments.refundSettled(refund.id, deps.waitMs ?? defaultWaitMs)) ?? refund
  if (settled.state === 'denied') throw problem(refundDenied)
  return settled
}

async function refundProblem(
  refusal: RefundRefusal,
  keys: RequestKeys,
  payment: Payment,
  { payments }: CamaraDependencies,
) {
  // A payment that is returned in full was completed; there is only nothing left of it.
  if (refusal === 'not_paid' && payment.state === 'refunded') return problem(refundTooMuch)
  if (refusal !== 'exists_with_different_content') return problem(refundProblems[refusal])
  const same = (known: RequestKeys | undefined) =>
    (keys.idempotencyKey !== undefined && known?.idempotencyKey === keys.idempotencyKey) ||
    (keys.clientCorrelator !== undefined && known?.clientCorrelator === keys.clientCorrelator)
  const earlier = (await payments.refundsOf(payment.id)).find((one) => same(refundDetails(one)))
  if (!earlier) return conflictOf(keys, undefined)
  const unfinished = refundStatusOf(earlier) === 'processing'
  return conflictOf(keys, { keys: refundDetails(earlier), unfinished })
}

/** The fen of a partial refund, once it agrees with its payment. */
function partOf(body: Extract<CreateRefundBody, { type: 'partial' }>, payment: Payment): bigint {
  const { chargingInformation, refundDetails: items } = body.amountTransaction.refundAmount
  if (statusOf(payment) !== 'succeeded') throw problem(refundProblems.not_paid)
  const amount = chargedAmount(chargingInformation, refundTooMuch)
  const paid = requestOf(payment).paymentAmount
  const taxed = paid.chargingInformation.isTaxIncluded ?? false
  if ((chargingInformation.isTaxIncluded ?? false) !== taxed) throw problem(taxesMismatch)
  if (items && !agree(items, paid.paymentDetails ?? [])) throw problem(detailsMismatch)
  return amount
}

type RefundItems = NonNullable<PartialRefundAmount['refundDetails']>
type PaidItems = NonNullable<ReturnType<typeof requestOf>['paymentAmount']['paymentDetails']>

/** Every item returned was paid, is treated alike for tax, and is not larger than it was. */
const agree = (items: RefundItems, paid: PaidItems) =>
  items.every((item) => {
    const bought = paid.find(({ id }) => id === item.paymentItemId)
    return (
      bought !== undefined &&
      bought.currency === item.currency &&
      (bought.isTaxIncluded ?? false) === (item.isTaxIncluded ?? false) &&
      chargedAmount(item, refundTooMuch) <= chargedAmount(bought, refundTooMuch)
    )
  })
