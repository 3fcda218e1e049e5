/**
 * The lane, the adapter and the simulated billers together: every fault at every step of a payment. In which state
 * the bill is while the fault lasts, where the money is, and how it ends when the fault is over.
 */
import { type BillerFault, type BillerFaultKind, createBillers } from '@telepurse/simulators'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { State } from '../../server/src/billers/index.ts'
import { createIds, manualClock } from '../../server/src/kernel/index.ts'
import {
  createHttpBiller,
  type HttpBiller,
  parseBillerConfig,
} from '../../server/src/rails/biller/index.ts'
import { offencesIn } from '../books.ts'
import { tenOClock } from '../world.ts'
import { createStage, type Stage } from './stage.ts'

const secret = 'a secret of both sides, 32 or more'
const clock = manualClock(tenOClock)
const account = (n: number) => String(n).padStart(10, '0')
const simulator = createBillers({
  now: clock.now,
  billers: [
    {
      ...{ code: 'power', kind: 'power', secret },
      accounts: Array.from({ length: 100 }, (_, n) => ({
        accountNo: account(n),
        holder: '*晚',
        items: [{ period: '2026-08', amount: 86_40n }],
      })),
    },
  ],
})
let patient: HttpBiller
let hasty: HttpBiller
/** A biller that is silent is not waited for longer than a test must. */
let isHasty = false
let stage: Stage
beforeAll(async () => {
  const { url } = await simulator.listen()
  const open = (answerMs: number) => {
    const config = parseBillerConfig(
      JSON.stringify({
        ...{ code: 'power', kind: 'power', name: { zh: '江城供电', en: 'Jiangcheng Power' } },
        city: { zh: '江城', en: 'Jiangcheng' },
        account: { zh: '户号', en: 'Customer no.', pattern: '\\d{10}' },
        ...{ bank: 'first', url: `${url}/power`, secret, answerMs },
      }),
    )
    if (!config.ok) throw new Error(config.refusal.join())
    return createHttpBiller({ config: config.value, ids: createIds(), now: clock.now })
  }
  patient = open(20_000)
  hasty = open(150)
  const now = () => (isHasty ? hasty : patient)
  const biller = {
    facts: patient.facts,
    inquire: (accountNo: string) => patient.inquire(accountNo),
    pay: (order: Parameters<HttpBiller['pay']>[0]) => now().pay(order),
    query: (paymentNo: string) => now().query(paymentNo),
    reverse: (paymentNo: string) => now().reverse(paymentNo),
    file: (date: string) => patient.file(date),
  }
  stage = await createStage({ clock, billers: [biller] })
})
afterAll(async () => {
  await stage?.close()
  await Promise.all([patient?.close(), hasty?.close()])
  await simulator.close()
})
afterEach(() => simulator.clearFaults())

let numbers = 0
async function paid() {
  numbers += 1
  const { msisdn } = await stage.customer(`+86130${String(numbers).padStart(8, '0')}`, 100_00n)
  const bill = await stage.paid(msisdn, stage.key(), account(numbers))
  return { msisdn, id: bill.id }
}
async function under(fault: BillerFault) {
  isHasty = /silent|lost|late/.test(fault.kind)
  await simulator.clearFaults()
  await simulator.addFault({ lateMs: 600_000, ...fault })
  await stage.settle()
  isHasty = false
}
const until = async (ms: number) => {
  clock.advance(ms)
  await stage.settle()
}
const isThere = (id: string) =>
  simulator.payments('power').some((one) => one.paymentNo === id && one.state === 'written_off')

/** Of a payment: the state under the fault, and how it ends. What the biller has in the end is what was paid. */
const payments: Readonly<Record<BillerFaultKind, readonly [during: State, end: State]>> = {
  silent: ['write_off_unknown', 'refunded'],
  lost_answer: ['write_off_unknown', 'written_off'],
  answers_late: ['write_off_unknown', 'written_off'],
  works_late: ['write_off_unknown', 'refunded'],
  answers_twice: ['written_off', 'written_off'],
  pays_and_drops_link: ['write_off_unknown', 'written_off'],
  drops_link: ['write_off_unknown', 'refunded'],
  http_500: ['write_off_unknown', 'refunded'],
  foreign_answer: ['write_off_unknown', 'written_off'],
  bad_signature: ['write_off_unknown', 'written_off'],
  refuse: ['refunded', 'refunded'],
  wrong_file: ['written_off', 'written_off'],
  // On a kept connection that breaks nobody knows what has left; on a new one it is tried again.
  away: ['write_off_unknown', 'refunded'],
}

test.each(Object.entries(payments))(
  'paying, the biller does this: %s; then it is %j',
  async (kind, [during, end]) => {
    const { msisdn, id } = await paid()
    await under({ kind: kind as BillerFaultKind, verb: 'pay' })
    const state = await stage.stateOf(id)
    if (kind === 'away') expect(['write_off_unknown', 'writing_off']).toContain(state)
    else expect(state).toBe(during)
    if (state !== 'refunded') expect(await stage.available(msisdn)).toBe(13_60n)
    await simulator.clearFaults()
    await until(16_000)
    await until(60_000)
    const done = await stage.stateOf(id)
    if (kind === 'away') expect(['written_off', 'refunded']).toContain(done)
    else expect(done).toBe(end)
    expect(isThere(id)).toBe(done === 'written_off')
    expect(await stage.available(msisdn)).toBe(done === 'written_off' ? 13_60n : 100_00n)
  },
)

const questions: readonly BillerFaultKind[] = [
  ...(['silent', 'lost_answer', 'drops_link', 'http_500'] as const),
  ...(['foreign_answer', 'bad_signature', 'refuse', 'away'] as const),
]

test.each(questions)(
  'asked about, the biller does this: %s; the money stays held',
  async (kind) => {
    const { msisdn, id } = await paid()
    await under({ kind: 'lost_answer', verb: 'pay' })
    clock.advance(5_000)
    await under({ kind, verb: 'query' })
    expect(await stage.stateOf(id)).toBe('write_off_unknown')
    expect(await stage.available(msisdn)).toBe(13_60n)
    await simulator.clearFaults()
    await until(60_000)
    expect(await stage.stateOf(id)).toBe('written_off')
  },
)

test.each(questions)('taken back, the biller does this: %s; the money stays held', async (kind) => {
  const { msisdn, id } = await paid()
  await under({ kind: 'drops_link', verb: 'pay' })
  clock.advance(5_000)
  await under({ kind, verb: 'reverse' })
  const state = await stage.stateOf(id)
  if (kind === 'away') expect(['write_off_unknown', 'refunding']).toContain(state)
  else expect(state).toBe('refunding')
  expect(await stage.available(msisdn)).toBe(13_60n)
  await simulator.clearFaults()
  await until(60_000)
  await until(60_000)
  expect(await stage.stateOf(id)).toBe('refunded')
  expect(await stage.available(msisdn)).toBe(100_00n)
})

test('after all of it no rule is broken', async () => {
  expect(await offencesIn(stage.db)).toEqual([])
})
