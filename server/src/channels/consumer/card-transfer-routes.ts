/** Money to a bank card that is somebody else's: what it costs and whose bank it is, and the transfer. */
import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { PayeeCardRefusal } from '../../bank-cards/index.ts'
import { isPersonName, maskedName, writtenName } from '../../identities/index.ts'
import { Secret } from '../../kernel/index.ts'
import { cardFee, payeeMax } from '../../wallet/index.ts'
import { amountOf, type ConsumerDesk, refused, refusedByWallet, sessionOf } from './desk.ts'
import { key, own, positiveAmount, proven, words } from './fields.ts'
import { mustConfirm } from './proof.ts'
import { movementView } from './views.ts'
import { answer } from './wallet-routes.ts'

const pan = z.string().regex(/^\d{13,19}$/, 'must be the 13 to 19 digits of a card')
const name = z
  .string()
  .max(64)
  .transform(writtenName)
  .refine(isPersonName, 'must be the name of a person')

export function cardTransferRoutes(app: FastifyInstance, desk: ConsumerDesk): void {
  const routes = app.withTypeProvider<ZodTypeProvider>()

  routes.get(
    '/consumer/card-transfers/fee',
    {
      schema: {
        ...own('What a transfer to a card would cost, on top of it, whosever the card is'),
        querystring: z.strictObject({ amount: positiveAmount }),
        response: { 200: z.object({ fee: z.string(), total: z.string() }) },
      },
    },
    async (request) => feeFor(desk, request.query.amount),
  )
  routes.post(
    '/consumer/card-transfers/quote',
    {
      schema: {
        ...own('Whose bank a card is of, and what a transfer to it would cost, on top of it'),
        body: z.strictObject({ pan, amount: positiveAmount }),
        response: {
          200: z.object({ bank: words, last4: z.string(), fee: z.string(), total: z.string() }),
        },
      },
    },
    async (request) => {
      const found = desk.payeeCards.look(new Secret(request.body.pan))
      if (!found.ok) throw refusedCard(desk, found.refusal)
      const { zh, en } = found.value
      const { amount, pan } = request.body
      return { bank: { zh, en }, last4: pan.slice(-4), ...feeFor(desk, amount) }
    },
  )
  routes.post(
    '/consumer/card-transfers',
    {
      config: { admission: 'order' },
      schema: {
        ...own('Money from the wallet to a debit card of anybody, whose bank compares the name'),
        body: proven({ pan, name, amount: positiveAmount, key }),
        response: { 200: movementView, 201: movementView },
      },
    },
    async (request, reply) => {
      const { msisdn } = sessionOf(request)
      const { amount, key: given, name: holder } = request.body
      await mustConfirm(desk, request, request.body)
      const card = await desk.payeeCards.keep(new Secret(request.body.pan))
      if (!card.ok) throw refusedCard(desk, card.refusal)
      const moved = await desk.wallet.transferToCard({
        ...{ msisdn, amount: amountOf(amount), card: card.value },
        ...{ name: new Secret(holder), payee: maskedName(holder).slice(0, payeeMax) },
        ...{ channel: 'web', key: `app:${given}` },
      })
      return answer(desk, reply, moved)
    },
  )
}

function feeFor(desk: ConsumerDesk, given: string) {
  const amount = amountOf(given)
  const fee = cardFee(desk.policy(), amount)
  return { fee: fee.toString(), total: (amount + fee).toString() }
}

const refusedCard = (desk: ConsumerDesk, refusal: PayeeCardRefusal) =>
  refusal === 'credit_card' ? refusedByWallet(desk, { refusal }) : refused('payee_card_invalid')
