/**
 * The sandbox as its guide describes it: the real payments on a real database, the sandbox's carrier,
 * a clock moved by hand. Every answer is held against the published contract.
 */
import { createHash } from 'node:crypto'
import Fastify from 'fastify'
import { expect } from 'vitest'
import {
  camaraRoutes,
  isSandboxNumber,
  sandboxCarrier,
} from '../../server/src/channels/camara/index.ts'
import { createGuesses, keyGuesses } from '../../server/src/channels/http/index.ts'
import { createOauth } from '../../server/src/channels/oauth/index.ts'
import type { Log } from '../../server/src/db/index.ts'
import {
  bucketOf,
  createBusinessTime,
  createFieldCipher,
  createIds,
  manualClock,
  Secret,
} from '../../server/src/kernel/index.ts'
import {
  createKnownNumbers,
  createPayments,
  type Outgoing,
} from '../../server/src/payments/index.ts'
import { defaultPolicy } from '../../server/src/risk/index.ts'
import { testDatabase } from '../database.ts'
import { createBrowser } from './browser.ts'
import { secretOf, testCatalogue } from './catalogue.ts'
import { againstOperation } from './contract.ts'
import { type OperationId, operations, prefixes } from './operations.ts'

export const origin = 'http://pay.example'
const silent: Log = { info: () => {}, warn: () => {}, error: (...all) => console.error(...all) }

export interface Answer {
  readonly status: number
  // biome-ignore lint/suspicious/noExplicitAny: the shape is checked against the contract.
  readonly body: any
  readonly headers: Readonly<Record<string, unknown>>
}

export interface CallOptions {
  readonly token?: string | undefined
  readonly params?: Readonly<Record<string, string>>
  readonly query?: string
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
  /** Sent instead of `body`, as it is. */
  readonly raw?: string
}

export type Sandbox = Awaited<ReturnType<typeof openSandbox>>

export async function openSandbox(options: { rate?: { perSecond: number; burst: number } } = {}) {
  const clock = manualClock(Date.UTC(2026, 10, 23, 4))
  const ids = createIds()
  const { db, close } = await testDatabase()
  const catalogue = testCatalogue()
  const carrier = sandboxCarrier(clock)
  const payments = createPayments({
    db,
    clock,
    ids,
    context: {
      time: createBusinessTime(),
      catalogue,
      policy: () => defaultPolicy,
      isTestNumber: isSandboxNumber,
      isTold: () => true,
    },
    fundingFor: () => carrier,
    refresh: async () => {},
    knowNumber: createKnownNumbers({ db, clock, carrier, release: async () => {}, log: silent }),
    log: silent,
  })
  payments.start()
  const cipher = createFieldCipher(new Secret('a field key for tests, 32 characters or more'), ids)
  const oauth = createOauth({
    db,
    catalogue,
    clock,
    ids,
    origin,
    cipher,
    behindProxy: false,
    log: console,
    sendCode: async () => {},
    isTestNumber: isSandboxNumber,
  })
  const messages = async (to: string) => {
    const rows = await db.query<{ payload: Outgoing }>(
      `select payload from job where topic = 'sms.send' and bucket = $1 and payload->>'to' = $2
       order by subject desc`,
      [bucketOf(to), to],
    )
    return rows.map(({ payload }) => ({
      at: clock.now(),
      from: payload.from,
      text: 'code' in payload.notice ? `code ${payload.notice.code}` : payload.notice.id,
    }))
  }
  const app = Fastify({ logger: { level: 'error' } })
  await app.register(oauth.plugin)
  await app.register(
    camaraRoutes({
      payments,
      catalogue,
      verify: oauth.verify,
      guesses: createGuesses(keyGuesses, clock),
      cipher,
      clock,
      ids,
      origin,
      sandboxMessages: messages,
      waitMs: 1_500,
      ...(options.rate && { rate: options.rate }),
    }),
  )
  const tokens = new Map<string, string>()

  async function call(operation: OperationId, given: CallOptions = {}): Promise<Answer> {
    const { contract, method, path } = operations[operation]
    const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => given.params?.[name] ?? 'none')
    const payload = given.raw ?? (given.body === undefined ? undefined : JSON.stringify(given.body))
    const answer = await app.inject({
      method,
      url: `${prefixes[contract]}${filled}${given.query ?? ''}`,
      headers: {
        'x-correlator': 'test:1',
        ...(given.token !== undefined && { authorization: `Bearer ${given.token}` }),
        ...(payload !== undefined && { 'content-type': 'application/json' }),
        ...given.headers,
      },
      ...(payload !== undefined && { payload }),
    })
    const body = answer.body === '' ? undefined : answer.json()
    const complaints = againstOperation(contract, path, method, answer.statusCode, body)
    expect([operation, answer.statusCode, complaints]).toEqual([operation, answer.statusCode, []])
    if (given.headers?.['x-correlator'] === undefined)
      expect(answer.headers['x-correlator']).toBe('test:1')
    return { status: answer.statusCode, body, headers: answer.headers }
  }

  async function twoLegged(client = 'test-shop', scope = allScopes): Promise<string> {
    const key = `${client} ${scope}`
    const known = tokens.get(key)
    if (known !== undefined) return known
    const answer = await tokenOf(client, { grant_type: 'client_credentials', scope })
    tokens.set(key, answer)
    return answer
  }

  async function threeLegged(number: string, client = 'test-shop'): Promise<string> {
    const key = `${client} ${number}`
    const known = tokens.get(key)
    if (known !== undefined) return known
    const verifier = 'a-code-verifier-that-is-long-enough-for-rfc-7636-of-course'
    const query = new URLSearchParams({
      client_id: client,
      response_type: 'code',
      redirect_uri: 'https://shop.example/back',
      scope: allScopes,
      code_challenge: createHash('sha256').update(verifier).digest('base64url'),
      code_challenge_method: 'S256',
      login_hint: `tel:${number}`,
    })
    const landed = await createBrowser(app, origin).visit(`/oauth/auth?${query}`)
    const token = await tokenOf(client, {
      grant_type: 'authorization_code',
      code: new URL(landed.url).searchParams.get('code') ?? '',
      redirect_uri: 'https://shop.example/back',
      code_verifier: verifier,
    })
    tokens.set(key, token)
    return token
  }

  async function tokenOf(client: string, form: Record<string, string>): Promise<string> {
    const answer = await app.inject({
      method: 'POST',
      url: '/oauth/token',
      headers: {
        host: 'pay.example',
        'content-type': 'application/x-www-form-urlencoded',
        authorization: `Basic ${Buffer.from(`${client}:${secretOf(client)}`).toString('base64')}`,
      },
      payload: new URLSearchParams(form).toString(),
    })
    return answer.json<{ access_token: string }>().access_token
  }

  return {
    app,
    db,
    clock,
    call,
    payments,
    cipher,
    twoLegged,
    threeLegged,
    /** The code last texted to a number. */
    async codeOf(number: string) {
      const texts = await messages(number)
      return texts.find((one) => one.text.startsWith('code '))?.text.slice(5) ?? ''
    },
    /** After a long move of the clock, tokens are asked for anew. */
    forgetTokens: () => tokens.clear(),
    /** Moves the clock and lets the workers see it. */
    advance(ms: number) {
      clock.advance(ms)
      payments.kick()
    },
    async close() {
      await app.close()
      await payments.close()
      await close()
    },
  }
}

export const allScopes = [...new Set(Object.values(operations).map(({ scope }) => scope))].join(' ')

let references = 0
const nextReference = () => {
  references += 1
  return `ref-${references}`
}

/** A valid payment request; `change` replaces members of the transaction. */
export const paymentRequest = (
  phoneNumber: string | undefined,
  change: {
    readonly charging?: Readonly<Record<string, unknown>>
    readonly amount?: Readonly<Record<string, unknown>>
    readonly transaction?: Readonly<Record<string, unknown>>
    readonly rest?: Readonly<Record<string, unknown>>
  } = {},
) => ({
  amountTransaction: {
    ...(phoneNumber !== undefined && { phoneNumber }),
    referenceCode: nextReference(),
    paymentAmount: {
      chargingInformation: {
        amount: 10,
        currency: 'CNY',
        description: 'Ten coins',
        ...change.charging,
      },
      ...change.amount,
    },
    ...change.transaction,
  },
  ...change.rest,
})

export const totalRefund = (change: Readonly<Record<string, unknown>> = {}) => ({
  type: 'total',
  amountTransaction: { referenceCode: nextReference(), refundAmount: {}, ...change },
})

export const partialRefund = (
  amount: number,
  change: {
    readonly charging?: Readonly<Record<string, unknown>>
    readonly amount?: Readonly<Record<string, unknown>>
    readonly transaction?: Readonly<Record<string, unknown>>
  } = {},
) => ({
  type: 'partial',
  amountTransaction: {
    referenceCode: nextReference(),
    refundAmount: {
      chargingInformation: { amount, currency: 'CNY', description: 'Back', ...change.charging },
      ...change.amount,
    },
    ...change.transaction,
  },
})

/** The object without the member at `path` (`a.b.c`). */
export function without(value: object, path: string): object {
  const copy = structuredClone(value)
  const names = path.split('.')
  const last = names.pop() ?? ''
  const parent = names.reduce<object>((node, name) => Reflect.get(node, name) as object, copy)
  Reflect.deleteProperty(parent, last)
  return copy
}

/** The object with `member` at `path` set. */
export function withValue(value: object, path: string, member: unknown): object {
  const copy = structuredClone(value)
  const names = path.split('.')
  const last = names.pop() ?? ''
  const parent = names.reduce<object>((node, name) => Reflect.get(node, name) as object, copy)
  Reflect.set(parent, last, member)
  return copy
}
