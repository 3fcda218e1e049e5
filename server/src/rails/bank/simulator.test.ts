/** The rail against the simulated bank: two implementations of one protocol, written apart. */
import { Secret as Key, unwrapKey } from '@telepurse/iso8583'
import { desCipher } from '@telepurse/iso8583/node'
import { type BankFault, createBank } from '@telepurse/simulators'
import { afterEach, expect, test } from 'vitest'
import { manualTiming } from '../../../test/bank/manual-timing.ts'
import { turn } from '../../../test/bank/stage.ts'
import { type CutOver, compareTotals, exchangeKey } from '../../bank-cards/index.ts'
import { Secret } from '../../kernel/index.ts'
import {
  createStanSource,
  createWireBank,
  type KeyUse,
  parseBankConfig,
  type ZoneKeys,
} from './index.ts'

const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

type Time = ReturnType<typeof manualTiming>

/** Lets what streams carry arrive, then a little time pass, until there is an answer. */
async function passing<Value>(time: Time, answer: Promise<Value>): Promise<Value> {
  let over = false
  const end = () => {
    over = true
  }
  answer.then(end, end)
  for (;;) {
    for (let turns = 0; turns < 20 && !over; turns += 1) await turn()
    if (over) return answer
    time.advance(100)
  }
}

const masterKey = new Uint8Array(16).map((_, index) => index * 7 + 1)
/** Begins with 9: of national use, nobody's here. */
const pan = '9990010000000000019'
const card = { pan: new Secret(pan) }
const pin = new Secret('123456')
const holder = {
  ...{ name: '张三', idKind: '01', idNumber: '11010519491231002X' },
  mobile: '13900000001',
}

function zoneKeys(): ZoneKeys {
  const keys: Partial<Record<KeyUse, Uint8Array>> = {}
  const half = (key: Uint8Array, from: number) => desCipher(key.subarray(from, from + 8))
  return {
    pin: () => keys.pin && desCipher(keys.pin),
    mac: () => keys.mac && { left: half(keys.mac, 0), right: half(keys.mac, 8) },
    async replace(use, wrapped, checkValue) {
      const opened = unwrapKey(desCipher(masterKey), { wrapped, checkValue }, desCipher)
      if (opened.ok) keys[use] = opened.value.key.reveal()
      return opened.ok
    },
  }
}

async function pair() {
  const time = manualTiming(Date.UTC(2026, 8, 12, 4))
  const simulated = createBank({
    ...{ code: 'first_bank', institution: '99030000', platform: '99010000', bins: ['999001'] },
    ...{ zoneMasterKey: new Key(masterKey), now: time.clock.now, mac: 'x9.19', pinRule: 'bank' },
    later: time.timing.after,
    cutOver: { at: '23:00', lastsMs: 0 },
    cards: [
      {
        ...{ pan, kind: 'debit', holder, expiry: '3012' },
        ...{ pin: '123456', cvn2: '321', balance: 1_000_00n },
      },
    ],
  })
  closers.push(() => simulated.close())
  const config = parseBankConfig(
    JSON.stringify({
      ...{ name: 'first_bank', acquirer: '99020000', forwarder: '99010000' },
      acceptor: { category: '6010', terminal: '88000001', id: '888800000000001', name: '营业厅' },
      connection: { host: 'in the process', port: 1 },
      messages: {
        flavour: 'unionpay_host',
        header: { destination: '99030000', source: '99010000' },
      },
      mac: { algorithm: 'retail' },
      pin: { keptBy: 'bank' },
      breaker: { troublesMax: 1_000 },
    }),
  )
  if (!config.ok) throw new Error(config.refusal.join('\n'))
  const cutOvers: CutOver[] = []
  const bank = createWireBank({
    ...{ config: config.value, keys: zoneKeys(), stans: createStanSource() },
    ...{ clock: time.clock, timing: time.timing },
    random: (octets) => new Uint8Array(octets).fill(1),
    handlers: {
      onLate() {},
      onCutOver: async (cutOver) => void cutOvers.push(cutOver),
      async onTotals() {},
    },
    connect() {
      const link = simulated.connect()
      process.nextTick(() => link.emit('connect'))
      return link
    },
    files: {
      async open(_, date) {
        const file = simulated.dailyFile(date.replaceAll('-', ''))
        return file.ok ? once(Buffer.from(file.value)) : undefined
      },
    },
  })
  const pass = <Value>(answer: Promise<Value>) => passing(time, answer)
  closers.push(() => pass(bank.close()))
  bank.start()
  await bank.whenReady()
  return { bank, simulated, time, pass, cutOvers }
}

async function* once(octets: Uint8Array) {
  yield octets
}

const verification = {
  ...{ card, name: new Secret(holder.name), mobile: new Secret(holder.mobile) },
  document: { kind: '01', number: new Secret(holder.idNumber) },
}

test('a card is verified in two steps, and a wrong name is told from a wrong number', async () => {
  const { bank, simulated } = await pair()
  const verify = (change: Partial<typeof verification> & { code?: Secret } = {}) =>
    bank.verify({ exchange: bank.begin(), ...verification, ...change })
  expect(await verify()).toMatchObject({ refusal: { reason: 'sms_code_needed' } })
  const code = new Secret(simulated.otp(pan)?.code ?? '')
  expect(await verify({ code })).toMatchObject({
    ...{ outcome: 'done', value: { agreement: expect.stringMatching(/^\d+$/) } },
  })
  expect(await verify({ name: new Secret('李四') })).toMatchObject({
    refusal: { finding: 'document_differs' },
  })
  expect(await verify({ mobile: new Secret('13900000002') })).toMatchObject({
    refusal: { finding: 'mobile_differs' },
  })
})

test('a day of every verb: balances, totals and file are one story', async () => {
  const { bank, simulated, time, cutOvers } = await pair()
  const buy = (amount: bigint, exchange = bank.begin()) =>
    bank.purchase({ exchange, card, amount, pin, orderNo: 'O1' })
  const original = bank.begin()
  const bought = await buy(500n, original)
  const voided = bank.begin()
  const other = await buy(800n, voided)
  if (bought.outcome !== 'done' || other.outcome !== 'done') throw new Error('not bought')
  const undo = { card, original: voided, amount: 800n, trace: other.value }
  expect(await bank.voidPurchase({ exchange: bank.begin(), ...undo })).toMatchObject({
    outcome: 'done',
  })
  expect(await buy(5_000_00n)).toMatchObject({ refusal: { reason: 'low_funds' } })
  expect(await bank.credit({ exchange: bank.begin(), card, amount: 70n })).toMatchObject({
    outcome: 'done',
  })
  await simulated.addFault({ kind: 'accepts', count: 1 })
  expect(await bank.credit({ exchange: bank.begin(), card, amount: 71n })).toMatchObject({
    outcome: 'accepted',
  })
  expect(await bank.balance({ exchange: bank.begin(), card, pin })).toMatchObject({
    value: { available: 1_000_00n - 500n + 70n },
  })
  expect(await bank.totals('0912')).toBeUndefined()
  // Past eleven at night: what was due meanwhile happens now.
  time.clock.advance(11 * 3_600_000)
  time.advance(1)
  for (let turns = 0; cutOvers.length === 0 && turns < 1_000; turns += 1) await turn()
  const refund = { card, original, amount: 200n, trace: bought.value }
  expect(await bank.refund({ exchange: bank.begin(), ...refund })).toMatchObject({
    outcome: 'done',
  })
  const rows: string[] = []
  const file = await bank.files.read('2026-09-12', ({ key }) => void rows.push(key))
  const totals = await bank.totals('0912')
  expect(cutOvers).toEqual([{ day: '0912', totals }])
  if (file.outcome !== 'done' || !totals) throw new Error('no file or totals')
  expect(rows).toContain(exchangeKey(original))
  expect(file.summary).toMatchObject({ debit: 1300n, credit: 870n })
  expect(compareTotals(totals, file.summary)).toEqual([])
  for (const [fault, code] of [
    ['wrong_hash', 'hash_differs'],
    ['missing_row', undefined],
  ] as const) {
    simulated.distortFile('20260912', fault)
    const again = await bank.files.read('2026-09-12', () => {})
    if (code) expect(again).toMatchObject({ problem: { code } })
    else expect(again.outcome === 'done' && compareTotals(totals, again.summary)).toHaveLength(1)
  }
  expect(simulated.complaints()).toEqual([])
})

/** What the customer's account has lost in the end, and what the rail said before. */
test.each<[BankFault['kind'], string, bigint]>([
  ['answers_twice', 'done', 500n],
  ['two_in_one', 'done', 500n],
  ['in_pieces', 'done', 500n],
  ['pin_key_out_of_step', 'refused', 0n],
  ['lost_request', 'unknown, then unknown', 0n],
  ['drops_link', 'unknown, then unknown', 0n],
  ['mac_key_out_of_step', 'unknown, then unknown', 0n],
  ['half_open', 'unknown, then unknown', 0n],
  ['lost_answer', 'unknown, then done', 0n],
  ['answers_late', 'unknown, then done', 0n],
  ['approves_and_drops_link', 'unknown, then done', 0n],
  ['approves_and_dies', 'unknown, then done', 0n],
  ['wrong_mac', 'unknown, then done', 0n],
  ['other_stan', 'unknown, then done', 0n],
  ['cut_length', 'unknown, then done', 0n],
  ['garbage', 'unknown, then done', 0n],
])('%s: %s, and the link comes back', async (kind, expected, taken) => {
  const { bank, simulated, pass } = await pair()
  await simulated.addFault({ kind, count: 1, ...(kind === 'answers_late' && { lateMs: 40_000 }) })
  const original = bank.begin()
  const first = await pass(bank.purchase({ exchange: original, card, amount: 500n, pin }))
  const said: string[] = [first.outcome]
  if (first.outcome === 'unknown') {
    const exchange = bank.begin()
    for (let repeat = false, settled = false; !settled; repeat = true) {
      await pass(bank.whenReady())
      const answer = await pass(bank.reverse({ exchange, original, card, amount: 500n, repeat }))
      settled = answer.outcome === 'done' || ('code' in answer && answer.code === 'BR-25')
      if (settled) said.push(answer.outcome)
    }
  }
  expect(said.join(', then ')).toBe(expected)
  expect(simulated.card(pan)?.balance).toBe(1_000_00n - taken)
  await pass(bank.whenReady())
  const next = bank.purchase({ exchange: bank.begin(), card, amount: 1n, pin })
  expect(await pass(next)).toMatchObject({ outcome: 'done' })
})
