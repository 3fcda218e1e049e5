/**
 * The face of the billers for people and tests: look at customers and payments, send a new bill, script faults.
 * Mounted in the demo only. Errors are `application/problem+json` (RFC 9457) and change nothing.
 */
import type { FastifyPluginAsync, FastifyReply } from 'fastify'
import type { Billers } from './billers.ts'
import { faultMax, readFault } from './fault.ts'

/**
 * Routes: GET /simulator/billers, POST /simulator/billers/{code}/accounts/{accountNo}/items, GET, POST and DELETE
 * /simulator/billers/faults.
 */
export const billerRoutes =
  (billers: Billers): FastifyPluginAsync =>
  async (app) => {
    app.get('/simulator/billers', () => ({
      billers: billers.codes().map((code) => ({
        code,
        accounts: billers.accounts(code).map((one) => ({
          ...one,
          items: one.items.map(({ period, amount }) => ({ period, amount: amount.toString() })),
        })),
        payments: billers
          .payments(code)
          .map((payment) => ({ ...payment, amount: payment.amount.toString() })),
      })),
    }))
    app.post<{ Params: { code: string; accountNo: string } }>(
      '/simulator/billers/:code/accounts/:accountNo/items',
      (request, reply) => {
        const { period, amount } = (request.body ?? {}) as Record<string, unknown>
        const { code, accountNo } = request.params
        if (typeof period !== 'string' || !/^[A-Za-z0-9-]{1,20}$/.test(period))
          return malformed(reply, 'period is 1 to 20 letters, digits and hyphens')
        if (typeof amount !== 'string' || !/^[1-9]\d{0,8}$/.test(amount))
          return malformed(reply, 'amount is a string of at most 9 digits, in fen')
        const isKnown = billers.bill(code, accountNo, { period, amount: BigInt(amount) })
        return isKnown ? { period, amount } : malformed(reply, 'there is no such account')
      },
    )
    app.get('/simulator/billers/faults', () => ({ faults: billers.faults() }))
    app.post('/simulator/billers/faults', async (request, reply) => {
      const fault = readFault(request.body)
      if (typeof fault === 'string') return malformed(reply, fault)
      if (billers.faults().length >= faultMax) return malformed(reply, `at most ${faultMax} faults`)
      await billers.addFault(fault)
      return { faults: billers.faults() }
    })
    app.delete('/simulator/billers/faults', async () => {
      await billers.clearFaults()
      return { faults: billers.faults() }
    })
  }

const malformed = (reply: FastifyReply, detail: string) =>
  reply
    .code(400)
    .type('application/problem+json')
    .send({ type: '/problems/bad_request', title: 'The request is malformed', status: 400, detail })
