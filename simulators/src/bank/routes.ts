/**
 * The face of the banks for people and tests: look at a card, change it as its bank would, read codes
 * that were texted, script faults, fetch daily files. Mounted in the demo only. Errors are
 * `application/problem+json` (RFC 9457) and change nothing.
 */
import type { FastifyInstance, FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { cardStatuses } from './card.ts'
import type { Bank, BankRefusal, CardChange, Verdict } from './contract.ts'
import { fileFaults } from './daily-file.ts'
import { faultMax, readFault } from './fault.ts'

interface Problem {
  readonly status: number
  readonly code: string
  readonly detail?: string
}

const problem = (reply: FastifyReply, { status, code, detail }: Problem) =>
  reply
    .code(status)
    .type('application/problem+json')
    .send({ type: `/problems/${code}`, title: code, status, code, ...(detail && { detail }) })

const statuses: Readonly<Record<BankRefusal, number>> = {
  unknown_card: 404,
  unknown_credit: 404,
  day_not_closed: 404,
  card_exists: 409,
  credit_decided: 409,
  card_number_invalid: 400,
  pin_invalid: 400,
  not_enough_money: 422,
}

type Params = { Params: { bank: string; pan: string; key: string; day: string } }
const ofCard = '/simulator/banks/:bank/cards/:pan'

/** Routes for several banks side by side, each under its code. */
export const bankRoutes =
  (banks: readonly Bank[]): FastifyPluginAsync =>
  async (app) => {
    // Money is a string in JSON.
    app.setReplySerializer((payload) =>
      JSON.stringify(payload, (_key, value: unknown) =>
        typeof value === 'bigint' ? value.toString() : value,
      ),
    )
    app.setErrorHandler((error: { statusCode?: number }, _request, reply) => {
      const status = error.statusCode ?? 500
      return problem(reply, { status, code: status < 500 ? 'bad_request' : 'failed' })
    })
    const bankOf = (request: FastifyRequest): Bank | undefined =>
      banks.find(({ code }) => code === (request.params as { bank?: string }).bank)
    app.addHook('preHandler', async (request, reply) => {
      const isKnown = !request.url.startsWith('/simulator/banks/') || bankOf(request)
      if (!isKnown) await problem(reply, { status: 404, code: 'unknown_bank' })
    })
    const on = (request: FastifyRequest): Bank => {
      const bank = bankOf(request)
      if (!bank) throw new Error('the hook lets only known banks pass')
      return bank
    }
    app.get('/simulator/banks', () => ({ banks: banks.map(viewOf) }))
    app.get('/simulator/banks/:bank', (request) => viewOf(on(request)))
    cardRoutes(app, on)
    moneyRoutes(app, on)
    faultRoutes(app, on)
  }

const viewOf = (bank: Bank) => ({
  bank: bank.code,
  businessDay: bank.businessDay(),
  ...bank.state(),
  ...bank.ownBalances(),
  complaints: bank.complaints(),
})

type On = (request: FastifyRequest) => Bank

function cardRoutes(app: FastifyInstance, on: On): void {
  app.get('/simulator/banks/:bank/cards', (request) => ({ cards: on(request).cards() }))
  app.get<Params>(ofCard, (request, reply) => cardOr404(reply, on(request), request.params.pan))
  app.get<Params>(`${ofCard}/otp`, (request, reply) => {
    const otp = on(request).otp(request.params.pan)
    return otp ?? problem(reply, { status: 404, code: 'no_code_sent' })
  })
  app.patch<Params>(ofCard, (request, reply) => {
    const change = readChange(request.body)
    if (typeof change === 'string') return malformed(reply, change)
    const { pan } = request.params
    return settled(reply, on(request).changeCard(pan, change), () =>
      cardOr404(reply, on(request), pan),
    )
  })
  app.post<Params>(`${ofCard}/replacement`, (request, reply) => {
    const [pan, expiry, cvn2] = ['pan', 'expiry', 'cvn2'].map((name) => textIn(request.body, name))
    const isWhole = pan !== undefined && /^\d{4}$/.test(expiry ?? '') && /^\d{3}$/.test(cvn2 ?? '')
    if (!isWhole || expiry === undefined || cvn2 === undefined)
      return malformed(reply, 'give pan, expiry (YYMM) and cvn2')
    const bank = on(request)
    return settled(reply, bank.replaceCard(request.params.pan, { pan, expiry, cvn2 }), () =>
      cardOr404(reply, bank, pan),
    )
  })
  app.post<Params>(`${ofCard}/cash`, (request, reply) => {
    const amount = textIn(request.body, 'amount')
    if (amount === undefined || !/^-?[1-9]\d{0,11}$/.test(amount))
      return malformed(reply, 'amount is a string of at most 12 digits, in fen; negative takes out')
    const { pan } = request.params
    return settled(reply, on(request).moveCash(pan, BigInt(amount)), () =>
      cardOr404(reply, on(request), pan),
    )
  })
  app.delete<Params>(`${ofCard}/agreement`, (request, reply) =>
    settled(reply, on(request).endAgreement(request.params.pan), () =>
      cardOr404(reply, on(request), request.params.pan),
    ),
  )
}

function moneyRoutes(app: FastifyInstance, on: On): void {
  app.get('/simulator/banks/:bank/credits', (request) => ({ credits: on(request).undecided() }))
  app.post<Params>('/simulator/banks/:bank/credits/:key', (request, reply) => {
    const outcome = textIn(request.body, 'outcome')
    if (outcome !== 'done' && outcome !== 'refused')
      return malformed(reply, 'outcome is done or refused')
    return settled(reply, on(request).decide(request.params.key, outcome), () => ({ outcome }))
  })
  app.get<Params>('/simulator/banks/:bank/files/:day', (request, reply) =>
    settled(reply, on(request).dailyFile(request.params.day), (file) =>
      reply.type('text/plain; charset=utf-8').serializer(String).send(file),
    ),
  )
  app.put<Params>('/simulator/banks/:bank/files/:day/fault', (request, reply) => {
    const given = textIn(request.body, 'fault')
    const fault = (Object.keys(fileFaults) as (keyof typeof fileFaults)[]).find(
      (it) => it === given,
    )
    if (fault === undefined)
      return malformed(reply, `fault is one of ${Object.keys(fileFaults).join(', ')}`)
    on(request).distortFile(request.params.day, fault)
    return { fault }
  })
  app.delete<Params>('/simulator/banks/:bank/files/:day/fault', (request, reply) => {
    on(request).distortFile(request.params.day, undefined)
    return reply.code(204).send()
  })
}

function faultRoutes(app: FastifyInstance, on: On): void {
  const path = '/simulator/banks/:bank/faults'
  app.get(path, (request) => ({ faults: on(request).faults() }))
  app.post(path, async (request, reply) => {
    const fault = readFault(request.body)
    if (typeof fault === 'string') return malformed(reply, fault)
    if (on(request).faults().length >= faultMax)
      return malformed(reply, `at most ${faultMax} faults`)
    await on(request).addFault(fault)
    return { faults: on(request).faults() }
  })
  app.delete(path, async (request) => {
    await on(request).clearFaults()
    return { faults: on(request).faults() }
  })
}

const cardOr404 = (reply: FastifyReply, bank: Bank, pan: string) =>
  bank.card(pan) ?? problem(reply, { status: statuses.unknown_card, code: 'unknown_card' })

const settled = <Value>(
  reply: FastifyReply,
  verdict: Verdict<Value>,
  view: (value: Value) => unknown,
) =>
  verdict.ok
    ? view(verdict.value)
    : problem(reply, { status: statuses[verdict.refusal], code: verdict.refusal })

const malformed = (reply: FastifyReply, detail: string) =>
  problem(reply, { status: 400, code: 'bad_request', detail })

function textIn(body: unknown, name: string): string | undefined {
  if (typeof body !== 'object' || body === null) return undefined
  const value: unknown = (body as Readonly<Record<string, unknown>>)[name]
  return typeof value === 'string' ? value : undefined
}

function readChange(body: unknown): CardChange | string {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    return 'the body is an object with status, cardless, mobile or pin'
  const { status, cardless, mobile, pin, ...rest } = body as Record<string, unknown>
  const surplus = Object.keys(rest)[0]
  if (surplus !== undefined) return `the field ${surplus.slice(0, 40)} cannot be changed`
  if (status !== undefined && !Object.hasOwn(cardStatuses, String(status)))
    return `status is one of ${Object.keys(cardStatuses).join(', ')}`
  if (cardless !== undefined && typeof cardless !== 'boolean') return 'cardless is true or false'
  if (mobile !== undefined && !/^1\d{10}$/.test(String(mobile))) return 'mobile has eleven digits'
  if (pin !== undefined && typeof pin !== 'string') return 'pin is a string of digits'
  return body as CardChange
}
