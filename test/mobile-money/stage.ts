/**
 * The mobile money API over real wallets, transfers and payments on a database of its own, with tokens by name. Every
 * answer is held against the published contract.
 */
import { randomUUID } from 'node:crypto'
import Fastify from 'fastify'
import { expect } from 'vitest'
import {
  accountLooks,
  billInquiries,
  createGuesses,
  keyGuesses,
  type Rate,
} from '../../server/src/channels/http/index.ts'
import {
  createInstructionWorker,
  createMobileMoney,
  instructionWatch,
  type MobileMoneyDependencies,
} from '../../server/src/channels/mobile-money/index.ts'
import type { Caller } from '../../server/src/channels/oauth/index.ts'
import { recordNotices } from '../../server/src/channels/webhooks/index.ts'
import { createFieldCipher, type Msisdn, Secret } from '../../server/src/kernel/index.ts'
import { defaultPolicy } from '../../server/src/risk/index.ts'
import { createWalletPins, pinKey } from '../../server/src/wallet-pins/index.ts'
import { createWalletStatements } from '../../server/src/wallet-statement/index.ts'
import { type Stage as BillStage, createStage as createBillStage } from '../billers/stage.ts'
import type { Engine } from '../database.ts'
import { testKeys } from '../keys.ts'
import { createStage, type Stage as PeopleStage } from '../transfers/stage.ts'
import { createWorld, type World } from '../world.ts'
import { againstOperation } from './contract.ts'

export const pin = '739204'
export const merchantId = '6021'
const base = '/mobile-money/v1.2'

const scopes = new Set([
  'mobile-money:accounts:read',
  'mobile-money:transactions:create',
  'mobile-money:transactions:read',
  'mobile-money:mandates',
  'mobile-money:codes',
])

export interface Answer {
  readonly status: number
  // biome-ignore lint/suspicious/noExplicitAny: the shape is checked against the contract.
  readonly body: any
  readonly headers: Readonly<Record<string, unknown>>
}

export interface Given {
  /** Whose: see `token`. */
  readonly token?: string
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
  readonly raw?: string
}

export interface StageOptions {
  readonly engine?: Engine
  readonly rate?: Rate
  /** Another process on the same database. */
  readonly like?: Same
  readonly change?: (deps: MobileMoneyDependencies) => Partial<MobileMoneyDependencies>
  /** Billers are gone to at once. */
  readonly visitsBillers?: boolean
}

/** What two processes have in common. */
export interface Same {
  readonly world: Pick<World, 'db' | 'clock'>
  readonly people: Pick<PeopleStage, 'people'>
  readonly bills: Pick<BillStage, 'power'>
  readonly held: Awaited<ReturnType<typeof testKeys>>
}

export type Stage = Awaited<ReturnType<typeof openMobileMoney>>

export async function openMobileMoney(options: StageOptions = {}) {
  const { engine, like } = options
  const world = await createWorld({
    ...(engine && { engine }),
    watch: instructionWatch,
    ...(like && { db: like.world.db, clock: like.world.clock }),
  })
  const { db, clock, ids } = world
  const people = await createStage({
    ...{ db, clock, watch: instructionWatch },
    ...(like && { people: like.people.people }),
  })
  const bills = await createBillStage({
    ...{ db, clock, people: people.people, watch: instructionWatch },
    ...(like && { power: like.bills.power }),
  })
  if (options.visitsBillers) await bills.billers.start()
  const held = like?.held ?? (await testKeys({ clock, ids }, { hashing: [pinKey] }))
  const policy = () => defaultPolicy
  const pins = createWalletPins({ db, keys: held.keys, clock, ids, policy })
  const cipher = createFieldCipher(new Secret('a field key for tests, 32 characters or more'), ids)
  const tokens = new Map<string, Caller>()
  const usual: MobileMoneyDependencies = {
    ...{ db, clock, ids, cipher, pins, log: { error: () => {} } },
    ...{ payments: world.payments, transfers: people.transfers, wallet: people.wallet },
    ...{ billers: bills.billers, inquiries: createGuesses(billInquiries, clock) },
    statements: createWalletStatements({ db, clock, time: world.time }),
    notify: (tx, callback) =>
      recordNotices(tx, [{ ...callback, method: 'PUT' }], { cipher, now: clock.now() }),
    async verify(authorization) {
      const caller = tokens.get(authorization ?? '')
      return caller ? { ok: true, value: caller } : { ok: false, refusal: 'unauthenticated' }
    },
    guesses: createGuesses(keyGuesses, clock),
    looks: createGuesses(accountLooks, clock),
    ...(options.rate && { rate: options.rate }),
  }
  const deps = { ...usual, ...options.change?.(usual) }
  const worker = createInstructionWorker({ ...deps, concurrency: 0, onError: () => {} })
  const app = Fastify()
  const routes: string[] = []
  const answered = new Set<string>()
  app.addHook('onRoute', ({ method, url }) => {
    if (method === 'HEAD' || !url.startsWith(base)) return
    const path = url.slice(base.length).replace(/:(\w+)/g, '{$1}')
    routes.push(`${String(method)} ${path}`)
  })
  await app.register(createMobileMoney(deps))
  await app.ready()

  /** `customer` makes it three-legged; a test client's is of the sandbox. */
  function token(
    customer?: Msisdn,
    more: Partial<Caller> & { readonly client?: string } = {},
  ): string {
    const { client = 'shop', ...change } = more
    const name = `Bearer ${tokens.size}`
    const caller = { clientId: client, merchantId, scopes, msisdn: customer, test: false }
    tokens.set(name, { ...caller, ...change })
    return name
  }

  /** The YAML's path, with what fills it. */
  async function call(
    method: string,
    path: string,
    given: Given & {
      readonly params?: Readonly<Record<string, string>>
      readonly query?: string
    } = {},
  ): Promise<Answer> {
    const filled = path.replace(/\{(\w+)\}/g, (_, name: string) =>
      encodeURIComponent(given.params?.[name] ?? 'none'),
    )
    const payload = given.raw ?? (given.body === undefined ? undefined : JSON.stringify(given.body))
    const answer = await app.inject({
      method: method as 'GET',
      url: `${base}${filled}${given.query ?? ''}`,
      headers: {
        ...(given.token !== undefined && { authorization: given.token }),
        ...(payload !== undefined && { 'content-type': 'application/json' }),
        ...(method === 'POST' && { 'x-correlationid': randomUUID() }),
        ...given.headers,
      },
      ...(payload !== undefined && { payload }),
    })
    const body = answer.body === '' ? undefined : answer.json()
    const complaints = againstOperation({ method, path }, answer.statusCode, body)
    expect([method, path, answer.statusCode, complaints]).toEqual([
      ...[method, path, answer.statusCode],
      [],
    ])
    expect(answer.headers['x-date']).toBeDefined()
    if (answer.statusCode < 300) answered.add(`${method} ${path}`)
    return { status: answer.statusCode, body, headers: answer.headers }
  }

  let numbers = 0
  return {
    ...{ world, people, bills, db, clock, cipher, held, pins, app, routes, answered, worker },
    ...{ token, call, deps },
    /** What clients are to be told, or were. */
    told: () =>
      db.query<{ method: string; url: string; body: string }>(
        'select method, url, body from notice_delivery order by created_at, id',
      ),
    /** With a wallet and a PIN. */
    async customer(amount = 0n) {
      numbers += 1
      const msisdn = `+86137${String(numbers).padStart(8, '0')}`
      const made = await people.customer(msisdn, amount)
      const first = await db.transact((tx) => pins.issueInitial(tx, msisdn, {}))
      const change = { msisdn, old: first, next: new Secret(pin), channel: 'test' }
      const changed = await pins.change(change, {})
      if (!changed.ok) throw new Error(changed.refusal.code)
      return made
    },
    async close() {
      await app.close()
      await worker.stop()
      await bills.close()
      await people.close()
      await world.close()
      if (!like) held.close()
    },
  }
}

export const party = (value: string, key = 'msisdn') => [{ key, value }]
export const withPin = { 'x-user-credential-1': pin }
/** The sandbox's. */
export const withTestPin = { 'x-user-credential-1': '246810' }
