/** A top-up voucher in the app. Its code travels in the body alone, and is in no answer. */
import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { Secret } from '../../kernel/index.ts'
import {
  printedSerial,
  topUpVoucherWords,
  type Use,
  type UseRefusal,
} from '../../top-up-vouchers/index.ts'
import { ProblemError, tooManyGuesses } from '../http/index.ts'
import { type ConsumerDesk, sessionOf } from './desk.ts'
import { iso, key, own } from './fields.ts'

const useView = z.object({
  id: z.string(),
  amount: z.string().describe('Fen that came into the wallet'),
  serial: z.string().describe('Of the voucher'),
  at: z.string(),
})

export function topUpVoucherRoutes(app: FastifyInstance, desk: ConsumerDesk): void {
  app.withTypeProvider<ZodTypeProvider>().post(
    '/consumer/top-ups/voucher',
    {
      config: { admission: 'order' },
      schema: {
        ...own('The value of a top-up voucher into the wallet; no PIN, for nothing leaves it'),
        body: z.strictObject({
          code: z.string().max(40).describe('The 16 digits; blanks and hyphens do not matter'),
          key,
        }),
        response: { 200: useView, 201: useView },
      },
    },
    async (request, reply) => {
      const { msisdn } = sessionOf(request)
      const lockedMs = desk.voucherGuesses.lockedMs(request.ip)
      if (lockedMs > 0) throw tooManyGuesses(lockedMs)
      const code = new Secret(request.body.code)
      const done = await desk.topUpVouchers.use({ msisdn, code, key: `app:${request.body.key}` })
      if (!done.ok) {
        if (done.refusal === 'top_up_voucher_unknown') desk.voucherGuesses.wrong(request.ip)
        throw refusedVoucher(done.refusal)
      }
      const { use, replayed } = done.value
      return reply.status(replayed ? 200 : 201).send(viewOf(use))
    },
  )
}

const statuses: Partial<Readonly<Record<UseRefusal, number>>> = {
  ...{ wallet_not_found: 404, top_up_vouchers_locked: 429 },
  ...{ top_up_voucher_mistyped: 422, top_up_voucher_unknown: 422 },
}

/** No money has moved. */
function refusedVoucher(type: UseRefusal): ProblemError {
  const { code, zh, en } = topUpVoucherWords[type]
  const status = statuses[type] ?? 409
  return new ProblemError({ status, type, title: en, code, words: { zh, en } })
}

const viewOf = ({ id, amount, serial, at }: Use): z.infer<typeof useView> => ({
  ...{ id, amount: amount.toString(), serial: printedSerial(serial), at: iso(at) },
})
