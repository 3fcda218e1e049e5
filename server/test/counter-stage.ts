/** A business hall: its API on a database of its own, its people, and a customer at the desk. */
import type { FastifyInstance } from 'fastify'
import { type Engine, type TestDatabase, testDatabase } from '../../test/database.ts'
import { introduceLine } from '../../test/lane.ts'
import { sealHead } from '../src/audit/index.ts'
import { counterRoutes, createLater } from '../src/channels/counter/index.ts'
import { createGuesses, createHttpServer, staffGuesses } from '../src/channels/http/index.ts'
import { pageRoutes } from '../src/composition/pages.ts'
import {
  createBusinessTime,
  createFieldCipher,
  createIds,
  manualClock,
  Secret,
} from '../src/kernel/index.ts'
import { codeAt, createStaff, type Role, staffInvariants } from '../src/staff/index.ts'
import { createFakes } from './counter-ports.ts'

export const customer = '+8613900010001'
export const owner = { name: '林黛', documentNumber: '11010519491231002X' }
export const pan = '6217001234567890122'
export const agreement = { version: '2026-09' }

const silent = { info: () => {}, warn: () => {}, error: () => {} }

export interface Answer {
  readonly status: number
  // biome-ignore lint/suspicious/noExplicitAny: tests say what they expect of it
  readonly body: any
  readonly headers: Readonly<Record<string, unknown>>
  readonly bytes: Buffer
}

export interface Client {
  readonly login: string
  readonly cookie: string
  readonly csrfToken: string
  send(method: string, path: string, given?: Given): Promise<Answer>
  get(path: string): Promise<Answer>
  post(path: string, body?: object, key?: string): Promise<Answer>
}

export interface Given {
  readonly body?: object | undefined
  readonly headers?: Readonly<Record<string, string>>
}

type CounterTools = Parameters<typeof createStaff>[0] & {
  readonly staff: ReturnType<typeof createStaff>
}

export type CounterStage = Awaited<ReturnType<typeof openCounter>>

/** `more`: other routes of the same server. */
export async function openCounter(
  engine?: Engine,
  more?: (app: FastifyInstance, tools: CounterTools) => Promise<void>,
) {
  const made: TestDatabase = await testDatabase({ ...(engine && { engine }) })
  const { db } = made
  const clock = manualClock(Date.UTC(2026, 10, 23, 6))
  const ids = createIds()
  const cipher = createFieldCipher(new Secret('a field key for tests, 32 characters or more'), ids)
  await sealHead(db, cipher)
  const time = createBusinessTime('Asia/Shanghai')
  const tools = { db, clock, ids, time, cipher, passwordCost: 4 }
  const staff = createStaff(tools)
  const fakes = createFakes()
  /** A silent bank is asked again only where a test says so. */
  const askAgainMs: number[] = []
  const desk = {
    ...{ db, clock, time, staff, https: false, cashApprovalAbove: 10_000_00n },
    wrongSignIns: createGuesses(staffGuesses, clock),
    later: createLater({
      waitsMs: askAgainMs,
      onError: (error) => {
        throw error
      },
    }),
    agreement: {
      ...agreement,
      title: { zh: '手机钱包银行卡支付协议', en: 'Agreement' },
      points: [{ zh: '可用短信付款。', en: 'Pay by SMS.' }],
    },
    ...fakes.ports,
  }
  const app: FastifyInstance = await createHttpServer({
    ...{ log: silent, behindProxy: false, version: '0', securitySchemes: {} },
    requestId: () => ids.next(0, clock.now()),
  })
  await app.register(async (scope) => counterRoutes(scope, desk))
  await pageRoutes(app, { demo: false, origin: 'http://localhost' })
  await more?.(app, { ...tools, staff })
  await app.ready()
  await introduceLine(db, customer, clock.now())
  const secrets = new Map<string, { readonly password: Secret; readonly seed: Secret }>()
  let addresses = 0

  async function sendTo(url: string, method: string, { body, headers = {} }: Given = {}) {
    const answer = await app.inject({
      method: method as 'GET',
      url,
      headers,
      ...(body !== undefined && { payload: body }),
      remoteAddress: `198.51.${addresses >> 8}.${addresses & 255}`,
    })
    const type = String(answer.headers['content-type'] ?? '')
    return {
      status: answer.statusCode,
      body: type.includes('json') ? answer.json() : undefined,
      headers: answer.headers,
      bytes: answer.rawPayload,
    }
  }

  /** A code that has not been used: the next step of the authenticator. */
  function freshCode(login: string): string {
    clock.advance(30_000)
    return codeAt(secretsOf(login).seed, clock.now())
  }

  function secretsOf(login: string) {
    const found = secrets.get(login)
    if (!found) throw new Error(`nobody is called ${login}`)
    return found
  }

  /** Adds somebody, by default past the change of the first password. */
  async function hire(
    login: string,
    roles: readonly Role[],
    more: { office?: string; fresh?: boolean } = {},
  ) {
    const { office = '滨江路厅', fresh = false } = more
    const done = await staff.people.add({ login, name: `员工${login}`, office, roles }, 'Chen Li')
    if (!done.ok) throw new Error(done.refusal)
    const { password, seed, person } = done.value
    secrets.set(login, { password, seed })
    if (!fresh)
      await db.transact((tx) =>
        tx.query('update staff_person set password_is_initial = false where id = $1', [person.id]),
      )
  }

  function credentials(login: string) {
    return { login, password: secretsOf(login).password.reveal(), code: freshCode(login) }
  }

  /** A page of the staff: what nobody sends to it, and what its people do. */
  function pageAt(root: string) {
    const send = (method: string, path: string, given?: Given) => sendTo(root + path, method, given)
    async function signIn(login: string): Promise<Client> {
      addresses += 1
      const answer = await send('POST', '/session', { body: credentials(login) })
      if (answer.status !== 201) throw new Error(JSON.stringify(answer.body))
      const cookie = String(answer.headers['set-cookie']).split(';')[0] ?? ''
      return clientOf(send, login, { cookie, csrfToken: answer.body.csrfToken })
    }
    return { send, signIn }
  }

  let keys = 0
  function clientOf(
    send: ReturnType<typeof pageAt>['send'],
    login: string,
    given: { cookie: string; csrfToken: string },
  ): Client {
    const own = { cookie: given.cookie, 'x-csrf-token': given.csrfToken }
    const as = (method: string, path: string, { body, headers = {} }: Given = {}) =>
      send(method, path, { body, headers: { ...own, ...headers } })
    return {
      ...{ login, ...given },
      send: as,
      get: (path) => as('GET', path),
      post(path, body, key) {
        keys += 1
        const headers = { 'idempotency-key': key ?? `test-key-${keys}` }
        return as('POST', path, { body, headers })
      },
    }
  }

  return {
    ...{ app, db, clock, ids, time, cipher, staff, fakes, desk, made, url: made.url },
    ...{ askAgainMs, hire, credentials, freshCode, secretsOf },
    ...pageAt('/counter/api'),
    operator: pageAt('/operator'),
    async log() {
      const rows = await db.query<{ operator: string; action: string; after: object | null }>(
        'select operator, action, after from operator_log order by seq',
      )
      return rows
    },
    /** What the books have to complain of. */
    async complaints() {
      const found: string[] = []
      for (const { name, check } of staffInvariants) {
        const { offences, examples } = await check(db)
        if (offences > 0n) found.push(`${name}: ${examples[0]}`)
      }
      return found
    },
    async close() {
      await app.close()
      await made.close()
    },
  }
}
