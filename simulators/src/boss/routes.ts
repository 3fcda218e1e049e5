/**
 * The face of the billing system for people and tests: look at a line, change it, script faults.
 * Mounted in the demo only. Errors are `application/problem+json` (RFC 9457) and change nothing.
 */
import type { FastifyInstance, FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { messageOf } from './answer.ts'
import type { Boss } from './boss.ts'
import { type Fault, faultMax, readFault } from './fault.ts'
import { type Code, codes, type LineStatus, msisdnOf } from './line.ts'

type Params = { msisdn?: string }
const statuses: readonly LineStatus[] = ['active', 'suspended', 'closed']

/**
 * Routes: GET and PATCH /simulator/lines/{msisdn}, GET /simulator/lines, GET, POST and DELETE
 * /simulator/carrier/faults, GET /bill-lines?msisdn=. Numbers are taken in any usual form.
 */
export const bossRoutes =
  (boss: Boss): FastifyPluginAsync =>
  async (app) => {
    app.setErrorHandler((error: { statusCode?: number }, _request, reply) => {
      const status = error.statusCode ?? 500
      const detail = status < 500 ? 'The body is not what this path takes' : 'The simulator failed'
      return problem(reply, { status, code: status < 500 ? 'bad_request' : 'failed', detail })
    })
    lineRoutes(app, boss)
    faultRoutes(app, boss)
  }

function lineRoutes(app: FastifyInstance, boss: Boss): void {
  app.get('/simulator/lines', () => ({ lines: boss.lineViews() }))

  app.get<{ Params: Params }>('/simulator/lines/:msisdn', (request, reply) => {
    const msisdn = msisdnOf(request.params.msisdn ?? '')
    if (msisdn === undefined) return malformed(reply, 'msisdn is no mobile number')
    return boss.lineView(msisdn) ?? refused(reply, 'unknown_number')
  })

  app.patch<{ Params: Params }>('/simulator/lines/:msisdn', (request, reply) => {
    const msisdn = msisdnOf(request.params.msisdn ?? '')
    if (msisdn === undefined) return malformed(reply, 'msisdn is no mobile number')
    const change = readChange(request.body)
    if (typeof change === 'string') return malformed(reply, change)
    const verdict = boss.changeLine({ msisdn, ...change })
    return verdict.ok ? boss.lineView(msisdn) : refused(reply, verdict.code)
  })

  app.get('/bill-lines', (request: FastifyRequest, reply) => {
    const { msisdn: given } = request.query as { msisdn?: unknown }
    const msisdn = typeof given === 'string' ? msisdnOf(given.replace(/^ /, '+')) : undefined
    if (msisdn === undefined) return malformed(reply, 'msisdn is no mobile number')
    return boss.billPage(msisdn) ?? refused(reply, 'unknown_number')
  })
}

function faultRoutes(app: FastifyInstance, boss: Boss): void {
  app.get('/simulator/carrier/faults', () => ({ faults: boss.faults() }))

  app.post('/simulator/carrier/faults', async (request, reply) => {
    const fault: Fault | string = readFault(request.body)
    if (typeof fault === 'string') return malformed(reply, fault)
    if (boss.faults().length >= faultMax) return malformed(reply, `at most ${faultMax} faults`)
    await boss.addFault(fault)
    return { faults: boss.faults() }
  })

  app.delete('/simulator/carrier/faults', async () => {
    await boss.clearFaults()
    return { faults: boss.faults() }
  })
}

function readChange(value: unknown): { status?: LineStatus; balance?: bigint } | string {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return 'the body is an object with status, balance or both'
  const { status, balance, ...rest } = value as Record<string, unknown>
  const surplus = Object.keys(rest)[0]
  if (surplus !== undefined) return `the field ${surplus.slice(0, 40)} cannot be changed`
  if (status === undefined && balance === undefined) return 'give status, balance or both'
  const known = statuses.find((one) => one === status)
  if (status !== undefined && known === undefined) return `status is one of ${statuses.join(', ')}`
  if (balance !== undefined && !(typeof balance === 'string' && /^\d{1,12}$/.test(balance)))
    return 'balance is a string of at most 12 digits, in fen'
  return {
    ...(known !== undefined && { status: known }),
    ...(typeof balance === 'string' && { balance: BigInt(balance) }),
  }
}

const malformed = (reply: FastifyReply, detail: string) =>
  problem(reply, { status: codes.bad_request, code: 'bad_request', detail })

const refused = (reply: FastifyReply, code: Code) =>
  problem(reply, { status: codes[code], code, detail: messageOf(code) })

const titles: Readonly<Record<string, string>> = {
  bad_request: messageOf('bad_request'),
  failed: 'The simulator failed',
}

function problem(
  reply: FastifyReply,
  { status, code, detail }: { status: number; code: string; detail: string },
): FastifyReply {
  const title = titles[code] ?? detail
  return reply
    .code(status)
    .type('application/problem+json')
    .send({ type: `/problems/${code}`, title, status, detail })
}
