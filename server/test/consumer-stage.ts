/** The app's API on a database of its own: customers with wallets and PINs, a scripted bank, and their devices. */
import { createScriptedBiller } from '../../test/billers/scripted-biller.ts'
import type { Engine } from '../../test/database.ts'
import { testKeys } from '../../test/keys.ts'
import { introduceLine } from '../../test/lane.ts'
import { giveBatch } from '../../test/top-up-vouchers/given.ts'
import { createStage } from '../../test/transfers/stage.ts'
import type { CardBinding } from '../src/bank-cards/binding.ts'
import { insertBinding, readBinding } from '../src/bank-cards/binding-store.ts'
import {
  type Balance,
  type BankAnswer,
  createBillAsking,
  createCardBills,
  type PayeeCards,
} from '../src/bank-cards/index.ts'
import { createBillers } from '../src/billers/index.ts'
import { type AppCard, type ConsumerDesk, consumerRoutes } from '../src/channels/consumer/index.ts'
import {
  billInquiries,
  codeRequests,
  consumerGuesses,
  createGuesses,
  createHttpServer,
  payeeLooks,
  voucherGuesses,
} from '../src/channels/http/index.ts'
import { pageRoutes } from '../src/composition/pages.ts'
import {
  accept,
  bucketOf,
  createBusinessTime,
  createFieldCipher,
  createIds,
  type Msisdn,
  refuse,
  Secret,
} from '../src/kernel/index.ts'
import { createPaymentCodes } from '../src/payment-codes/index.ts'
import { createPoints } from '../src/points/index.ts'
import { createRepayments } from '../src/repayments/index.ts'
import { defaultPolicy } from '../src/risk/index.ts'
import { createPasskeys, createSignIns } from '../src/sign-ins/index.ts'
import { createTopUpVouchers } from '../src/top-up-vouchers/index.ts'
import { createWalletPins, pinKey } from '../src/wallet-pins/index.ts'
import { createWalletStatements } from '../src/wallet-statement/index.ts'

const silent = {
  info: () => {},
  warn: () => {},
  error: (...all: unknown[]) => console.error(...all),
}

export const usualOrigin = 'http://localhost'
export const pin = '739204'
export const bankPin = '4711'
const iPhone = 'Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Safari/604.1'

export interface Answer {
  readonly status: number
  // biome-ignore lint/suspicious/noExplicitAny: tests say what they expect of it
  readonly body: any
  readonly headers: Readonly<Record<string, unknown>>
}

export interface Given {
  readonly body?: object | undefined
  readonly headers?: Readonly<Record<string, string>>
}

export interface Device {
  readonly cookie: string
  send(method: string, path: string, given?: Given): Promise<Answer>
  get(path: string): Promise<Answer>
  post(path: string, body: object): Promise<Answer>
}

const wrongPin = { code: 'BR-55', reason: 'pin_wrong', class: 'F', alarm: false } as const

const creditRow = {
  ...{ kind: 'credit', nextToken: null, first6: '999002', last4: '6215', state: 'active' },
  ...{ reason: null, agreementNo: null, round: 1, busyUntil: null, codeSentAt: null, codeTries: 0 },
  ...{ wrongPins: 0, wrongPinsSince: null, lockedUntil: null, preferredAt: null, createdAt: 0 },
  ...{ updatedAt: 0, boundAt: 0, verifiedAt: 0, endedAt: null },
} as const satisfies Partial<CardBinding>

/** As a table of BINs: one bank, debit cards and credit cards. */
function issuerOf(pan: Secret): ReturnType<PayeeCards['look']> {
  if (pan.reveal().startsWith('999002')) return refuse('credit_card')
  return pan.reveal().startsWith('999001')
    ? accept({ name: 'ABC', zh: '江城银行', en: 'Jiangcheng Bank' })
    : refuse('card_invalid')
}

export type ConsumerStage = Awaited<ReturnType<typeof openConsumerStage>>

export async function openConsumerStage(
  options: { readonly engine?: Engine; readonly origin?: string; readonly pages?: boolean } = {},
) {
  const { engine, origin = usualOrigin } = options
  const stage = await createStage({ ...(engine && { engine }) })
  const { db, clock, wallet, transfers, people } = stage
  const ids = createIds()
  const cipher = createFieldCipher(new Secret('a field key for tests, 32 characters or more'), ids)
  const held = await testKeys({ clock, ids }, { hashing: [pinKey] })
  const policy = () => defaultPolicy
  const pins = createWalletPins({ db, keys: held.keys, clock, ids, policy })
  const codes = new Map<Msisdn, string>()
  const signIns = createSignIns({
    ...{ db, clock, ids, cipher },
    codeJob({ to, code }, now) {
      codes.set(to, code.reveal())
      return {
        bucket: bucketOf(to),
        topic: 'code',
        subject: ids.next(0, now),
        dueAt: now,
        payload: {},
      }
    },
  })
  /** What the bank of a credit card answers; silence without. */
  const said = new Map<string, BankAnswer<Balance>>()
  const time = createBusinessTime()
  const power = createScriptedBiller(clock, time.dateOf)
  const billers = createBillers({
    ...{ db, clock, log: silent, refresh: async () => {}, billers: [power.biller] },
    context: { ids, time, policy },
  })
  const bills = createCardBills({ clock, time })
  const asking = createBillAsking({
    ...{ db, clock, time, bills, keepsPin: (bank: string) => bank === 'KEEPS' },
    balance: async ({ cardToken, pin: typed }) =>
      typed && typed.reveal() !== bankPin
        ? { outcome: 'refused', refusal: wrongPin }
        : (said.get(cardToken) ?? { outcome: 'unknown', detail: 'silent', alarm: false }),
  })
  const cardsOf = (msisdn: Msisdn): AppCard[] =>
    [...people.cards.values()]
      .filter((card) => card.msisdn === msisdn)
      .map(({ id, kind, last4, bank }) => ({
        ...{ id, kind, last4, state: 'active', bank: { zh: '银行', en: bank } },
        pinKeptBy: bank === 'KEEPS' ? 'bank' : 'wallet',
      }))
  const desk: ConsumerDesk = {
    ...{ db, clock, signIns, wallet, time, transfers, billers, pins, policy, origin },
    points: await createPoints({ db, clock, ids, time, cipher, log: silent }),
    topUpVouchers: createTopUpVouchers({ db, clock, ids, time, cipher, policy }),
    cardBills: createRepayments({ db, clock, bills, asking, find: readBinding }),
    payeeCards: {
      look: (pan) => issuerOf(pan),
      async keep(pan) {
        const bank = issuerOf(pan)
        const token = '01990000-0000-7000-8000-00000000ca00'
        return bank.ok ? accept({ bank: 'ABC', token, last4: pan.reveal().slice(-4) }) : bank
      },
    },
    bankWords: (reason) => ({ zh: reason, en: reason }),
    passkeys: createPasskeys({
      ...{ db, clock, ids, cipher, origin },
      changeJob: ({ to, what }, now) => ({
        ...{ bucket: bucketOf(to), topic: 'passkey', dueAt: now, payload: what },
        subject: ids.next(0, now),
      }),
    }),
    identities: {
      async ownerOf(_reader, msisdn) {
        const owner = people.owners.get(msisdn)
        if (!owner) return undefined
        const { identityId } = owner
        const shown = { maskedName: '*黛', maskedNumber: '1****X', level: 'verified' } as const
        return { identityId, msisdn, since: clock.now(), ...shown }
      },
    },
    codeRoom: async () => null,
    coolOffUntil: async (msisdn) => people.owners.get(msisdn)?.coolOffUntil ?? null,
    statements: createWalletStatements({ db, clock, time }),
    // Payments are with the whole server, in test/cards.
    payments: {
      order: async () => ({ ok: false, refusal: 'goods_unknown', payment: null }),
      get: async () => undefined,
      keyed: async () => undefined,
      list: async () => ({ total: 0, items: [] }),
      room: async () => ({ day: 20_00n, month: 70_00n }),
      approve: async () => refuse('payment_not_found'),
      cancel: async () => refuse('payment_not_found'),
      settled: async () => undefined,
      onChange: () => () => {},
    },
    codes: createPaymentCodes({ db, clock, ids, cipher, signIns, frozenOf: async () => new Set() }),
    orders: {
      get: async () => undefined,
      takeOn: async () => ({ ok: false, refusal: 'order_over' }),
    },
    readCode: () => null,
    openAmountOf: () => null,
    merchantName: (id) => ({ zh: id, en: id }),
    paymentWords: (refusal) => ({ zh: refusal, en: refusal }),
    pinFactsOf: async () => ({}),
    cards: {
      of: async (msisdn) => cardsOf(msisdn),
      paying: async () => [],
      keepPin: async () => {},
      prove: async (_id, typed) =>
        typed.reveal() === bankPin
          ? accept(undefined)
          : refuse({ zh: '密码错误', en: 'wrong PIN' }),
    },
    guesses: createGuesses(consumerGuesses, clock),
    codeRequests: createGuesses(codeRequests, clock),
    payeeLooks: createGuesses(payeeLooks, clock),
    voucherGuesses: createGuesses(voucherGuesses, clock),
    billInquiries: createGuesses(billInquiries, clock),
  }
  const app = await createHttpServer({
    ...{ log: silent, behindProxy: false, version: '0', securitySchemes: {} },
    requestId: () => ids.next(0, clock.now()),
  })
  await app.register(async (scope) => consumerRoutes(scope, desk))
  if (options.pages) await pageRoutes(app, { demo: false, origin: usualOrigin })
  await app.ready()
  wallet.start()
  await billers.start()
  let addresses = 0
  let numbers = 0

  async function send(method: string, path: string, { body, headers = {} }: Given = {}) {
    const answer = await app.inject({
      method: method as 'GET',
      url: `/consumer${path}`,
      headers: { 'x-telepurse': 'app', 'user-agent': iPhone, ...headers },
      ...(body !== undefined && { payload: body }),
      remoteAddress: `198.51.${addresses >> 8}.${addresses & 255}`,
    })
    const type = String(answer.headers['content-type'] ?? '')
    return {
      status: answer.statusCode,
      body: type.includes('json') ? answer.json() : undefined,
      headers: answer.headers,
    }
  }

  async function setPin(msisdn: Msisdn) {
    const first = await db.transact((tx) => pins.issueInitial(tx, msisdn, {}))
    const change = { msisdn, old: first, next: new Secret(pin), channel: 'test' }
    const changed = await pins.change(change, {})
    if (!changed.ok) throw new Error(changed.refusal.code)
  }

  function deviceWith(cookie: string): Device {
    const as = (method: string, path: string, { body, headers = {} }: Given = {}) =>
      send(method, path, { body, headers: { cookie, ...headers } })
    return {
      cookie,
      send: as,
      get: (path) => as('GET', path),
      post: (path, body) => as('POST', path, { body }),
    }
  }

  return {
    ...stage,
    bank: stage.wallets.bank,
    ...{ power, billers },
    ...{
      app,
      desk,
      signIns,
      pins,
      codes,
      send,
      setPin,
      deviceWith,
      pointsTools: { time, ids, cipher },
    },
    /** Of vouchers of 50 yuan that were sold. */
    topUpCodes: async () =>
      (await giveBatch({ db, clock, tools: { time, ids, cipher } }, { count: 2n })).codes,
    newKey: () => ids.next(0, clock.now()),
    /** A credit card of theirs, and what its bank says when it is asked. */
    async bindCredit(msisdn: Msisdn, answer?: BankAnswer<Balance>, bank = 'CCB') {
      const cardId = people.bind(msisdn, { kind: 'credit', bank, last4: '6215' })
      const { identityId = '', token: cardToken = '' } = people.cards.get(cardId) ?? {}
      const row = { ...creditRow, id: cardId, msisdn, mobile: msisdn, identityId, cardToken, bank }
      await db.transact((tx) => insertBinding(tx, row))
      if (answer) said.set(cardToken, answer)
      return cardId
    },
    fromElsewhere: () => {
      addresses += 1
    },
    async newNumber(): Promise<Msisdn> {
      numbers += 1
      const msisdn = `+86136${String(numbers).padStart(8, '0')}`
      await introduceLine(db, msisdn, clock.now())
      return msisdn
    },
    /** With a wallet, a PIN and a card. */
    async newCustomer(amount = 0n) {
      numbers += 1
      const msisdn = `+86136${String(numbers).padStart(8, '0')}`
      const customer = await stage.customer(msisdn, amount)
      await setPin(msisdn)
      return customer
    },
    async signIn(msisdn: Msisdn): Promise<Device> {
      clock.advance(60_000)
      await send('POST', '/codes', { body: { number: msisdn } })
      const body = { number: msisdn, code: codes.get(msisdn) }
      const answer = await send('POST', '/sessions', { body })
      if (answer.status !== 201) throw new Error(JSON.stringify(answer.body))
      return deviceWith(String(answer.headers['set-cookie']).split(';')[0] ?? '')
    },
    async close() {
      await app.close()
      await billers.stop()
      await stage.close()
      held.close()
    },
  }
}
