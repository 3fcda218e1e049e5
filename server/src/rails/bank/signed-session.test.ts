/** Sign-on, keys, echo, cut-over and totals: what a link is asked for, and what it asks. */
import { connect as tcp } from 'node:net'
import { type Message, textOf } from '@telepurse/iso8583'
import { afterEach, expect, test } from 'vitest'
import { keyNumber, wrapped } from '../../../test/bank/memory-keys.ts'
import {
  buy,
  closeStages,
  isPayment,
  type Stage,
  stage,
  turn,
  until,
} from '../../../test/bank/stage.ts'
import { specOf } from './config.ts'
import { securityControlOf, writeKey } from './key-messages.ts'
import { oldKeyMs } from './mac-ring.ts'

afterEach(closeStages)

const phaseOf = ({ bank }: Stage) => bank.state().connections[0]?.phase

/** The next tries, until the bank has seen `count` connections. */
async function connections(it: Stage, count: number) {
  for (let tries = 0; it.peer.peers.length < count && tries < 50; tries += 1) {
    await until(() => phaseOf(it) !== 'connecting' && phaseOf(it) !== 'signing_on')
    it.time.advance(1_000)
    await turn()
  }
}

/** A request of the bank about the link. */
const management = (fields: Message['fields']) => ({
  header: { destination: '14427900', source: '00010000' },
  mti: '0820',
  fields: { 7: '0205102300', 11: '000077', 33: '00010000', ...fields },
})

const lastAnswer = ({ peer }: Stage) =>
  peer.seen.findLast(({ mti }) => mti === '0830' || mti === '0810' || mti.startsWith('05'))

async function answered(it: Stage, code: string) {
  await until(() => lastAnswer(it) !== undefined)
  expect(textOf(lastAnswer(it) ?? { mti: '', fields: {} }, 39)).toBe(code)
}

test('with keys it signs on and is ready', async () => {
  const it = await stage()
  expect(it.peer.types()).toEqual(['0820/001'])
  expect(it.peer.seen[0]?.fields).toMatchObject({ 33: '14427900', 100: '01020000' })
  // About the link there is no code, whether there is a key or not.
  expect(it.peer.seen[0]?.fields).not.toHaveProperty('128')
  expect(it.bank.health()).toEqual({ up: true, detail: 'ready; breaker closed' })
})

test('without keys it asks for both before it is ready', async () => {
  const it = await stage({ keys: 'none' })
  expect(it.keys.replaced).toEqual(['pin', 'mac'])
  expect(await buy(it)).toMatchObject({ outcome: 'done' })
  expect(it.peer.types()).toEqual(['0820/001', '0820/101', '0200'])
})

const single = { messages: { keys: 'single' } }

test('a bank that sends keys one by one, in requests of its own, is asked for each', async () => {
  const it = await stage({ keys: 'none', change: single })
  expect(it.keys.replaced).toEqual(['mac', 'pin'])
  expect(await buy(it)).toMatchObject({ outcome: 'done' })
  // The bank hears that a key has been taken before anything comes under it.
  expect(it.peer.types()).toEqual([
    ...['0820/001', '0820/101', '0810/101', '0820/101', '0810/101', '0200'],
  ])
})

test('a bank that answers with one key itself is understood', async () => {
  const it = await stage({ keys: 'none', ready: false, change: single })
  it.peer.script = (message, peer) => {
    if (textOf(message, 70) !== '101') return false
    const use = textOf(message, 53)?.startsWith('1') ? 'pin' : 'mac'
    peer.answer(message, {
      48: writeKey(specOf(it.config), wrapped(it.peer.keys[use])),
      53: securityControlOf(use, 16),
    })
    return true
  }
  await it.bank.whenReady()
  expect(it.keys.replaced).toEqual(['mac', 'pin'])
})

test('a sign-on that is refused is tried again, later and later', async () => {
  const it = await stage({ ready: false })
  it.peer.script = (message, peer) => {
    peer.answer(message, { 39: '91' })
    return true
  }
  await connections(it, 4)
  expect(it.bank.state().connections[0]?.lastError).toBe('sign_on_91')
  const waits = it.logged.flatMap((line) => /"waitMs":(\d+)/.exec(line)?.[1] ?? [])
  expect(waits.map(Number).slice(0, 3)).toEqual([411, 822, 1645])
  expect(await buy(it)).toEqual({ outcome: 'unsent', detail: 'not_signed_on' })
  it.peer.script = () => false
  await connections(it, it.peer.peers.length + 1)
  await it.bank.whenReady()
})

test('a bank that is away at first is found when it comes', async () => {
  let away = true
  const connect = (host: string, port: number) => tcp({ host, port: away ? 1 : port })
  const it = await stage({ ready: false, options: { connect } })
  await until(() => phaseOf(it) === 'waiting')
  expect(it.bank.state().connections[0]?.lastError).toBe('econnrefused')
  expect(it.bank.health()).toEqual({
    up: false,
    detail: 'waiting (econnrefused); breaker closed',
  })
  away = false
  it.time.advance(1_000)
  await it.bank.whenReady()
})

test('a bank that is silent at sign-on, or gives no keys, is not ready', async () => {
  const silent = await stage({ ready: false })
  silent.peer.script = () => true
  await until(() => silent.peer.seen.length > 0)
  silent.time.advance(30_000)
  await until(() => phaseOf(silent) === 'waiting')
  expect(silent.bank.state().connections[0]?.lastError).toBe('sign_on_no_answer_in_time')

  const keyless = await stage({ keys: 'none', ready: false })
  keyless.peer.script = (message, peer) => {
    peer.answer(message)
    return true
  }
  await until(() => keyless.peer.types().includes('0820/101'))
  keyless.time.advance(30_000)
  await until(() => phaseOf(keyless) === 'waiting')
  expect(keyless.bank.state().connections[0]?.lastError).toBe('no_keys')
})

test('a new key is taken while requests are under way, and the old one verifies for a minute', async () => {
  const it = await stage()
  const held: (() => void)[] = []
  it.peer.script = (message, peer) => {
    if (!isPayment(message)) return false
    const octets = peer.answerOctets(message)
    held.push(() => peer.socket.write(octets))
    return true
  }
  const under = [buy(it), buy(it)]
  await until(() => held.length === 2)
  it.peer.keys = { ...it.peer.keys, mac: keyNumber(9) }
  it.peer.peers[0]?.sendKey('mac')
  await answered(it, '00')
  held[0]?.()
  expect(await under[0]).toMatchObject({ outcome: 'done' })
  it.peer.script = () => false
  expect(await buy(it)).toMatchObject({ outcome: 'done' })
  expect(it.peer.falseMacs).toEqual([])
  it.time.clock.advance(oldKeyMs)
  held[1]?.()
  expect(await under[1]).toMatchObject({ outcome: 'unknown', detail: 'mac_wrong' })
})

test('a key that does not open is refused, and the one in use stays', async () => {
  const it = await stage()
  const key = wrapped(keyNumber(5))
  const send = (checkValue: Uint8Array, fields: Message['fields'] = {}) => {
    it.peer.seen.splice(0)
    it.peer.peers[0]?.send(
      management({
        48: writeKey(specOf(it.config), { ...key, checkValue }),
        53: securityControlOf('mac', 16),
        70: '101',
        ...fields,
      }),
    )
  }
  send(Uint8Array.of(1, 2, 3, 4))
  await answered(it, 'A0')
  send(key.checkValue, { 48: new Uint8Array(Buffer.from('NK999')) })
  await answered(it, '30')
  send(key.checkValue, { 53: '9'.repeat(16) })
  await answered(it, '30')
  expect(it.keys.replaced).toEqual([])
  expect(await buy(it)).toMatchObject({ outcome: 'done' })
})

test('when it is quiet the bank is asked whether it lives, and lost when it does not say so', async () => {
  const it = await stage()
  it.time.advance(60_000)
  it.time.advance(60_000)
  await until(() => it.peer.types().includes('0820/301'))
  await until(() => it.bank.state().connections[0]?.outstanding === 0)
  expect(phaseOf(it)).toBe('ready')
  it.peer.script = () => true
  for (let n = 0; n < 50 && phaseOf(it) === 'ready'; n += 1) {
    it.time.advance(30_000)
    await turn()
  }
  await until(() => phaseOf(it) === 'waiting')
  expect(it.bank.state().connections[0]?.lastError).toBe('echo_unanswered')
})

test('a bank that answers a request with silence is asked at once whether it lives', async () => {
  const it = await stage()
  it.peer.script = isPayment
  const first = buy(it)
  await until(() => it.peer.seen.some(isPayment))
  it.time.advance(30_000)
  expect(await first).toMatchObject({ outcome: 'unknown' })
  await until(() => it.peer.types().includes('0820/301'))
  await until(() => it.bank.state().connections[0]?.outstanding === 0)
  expect(phaseOf(it)).toBe('ready')
  it.peer.script = () => true
  const second = buy(it)
  await until(() => it.peer.seen.filter(isPayment).length === 2)
  it.time.advance(30_000)
  expect(await second).toMatchObject({ outcome: 'unknown' })
  await until(() => it.peer.types().filter((type) => type === '0820/301').length > 1)
  it.time.advance(30_000)
  await until(() => phaseOf(it) === 'waiting')
  expect(it.bank.state().connections[0]?.lastError).toBe('echo_unanswered')
})

test('an echo, a sign-on and what we do not know are answered', async () => {
  const it = await stage()
  for (const [function_, code] of [
    ['301', '00'],
    ['001', '00'],
    ['999', '40'],
  ] as const) {
    it.peer.seen.splice(0)
    it.peer.peers[0]?.send(management({ 70: function_ }))
    await answered(it, code)
    expect(lastAnswer(it)?.fields).toMatchObject({ 11: '000077', 70: function_ })
  }
})

const dayTotals = {
  ...{ 74: '0000000001', 75: '0000000000', 76: '0000000002', 77: '0000000001' },
  ...{ 86: '0000000000000700', 87: '0000000000000000' },
  ...{ 88: '0000000000001500', 89: '0000000000000500' },
}

test('totals are there for the asking, unless the bank does not tell them', async () => {
  const it = await stage()
  it.peer.script = (message, peer) => {
    if (textOf(message, 70) !== '201') return false
    if (textOf(message, 15) === '0205') peer.answer(message, dayTotals)
    else peer.answer(message, { ...dayTotals, 39: '09' })
    return true
  }
  expect(await it.bank.totals('0205')).toMatchObject({ settlementDate: '0205' })
  expect(await it.bank.totals('0206')).toBeUndefined()
})

test('a cut-over is confirmed when its owner has it, and not before', async () => {
  let owned = Promise.reject<void>(new Error('no'))
  owned.catch(() => {})
  const told: string[] = []
  const it = await stage({
    options: {
      handlers: {
        ...{ onLate() {}, async onTotals() {} },
        async onCutOver({ day, totals }) {
          told.push(`${day} ${totals?.debits.amount}`)
          await owned
        },
      },
    },
  })
  const cutOver = async (code: string, fields: Message['fields'] = { 15: '0206' }) => {
    it.peer.seen.splice(0)
    it.peer.peers[0]?.send(management({ 70: '201', ...fields }))
    await answered(it, code)
  }
  await cutOver('96')
  owned = Promise.resolve()
  await cutOver('00')
  await cutOver('00', { 15: '0207', ...dayTotals })
  await cutOver('30', {})
  expect(told).toEqual(['0206 undefined', '0206 undefined', '0207 1500'])
})

test('totals are handed on with their code, and ones that say nothing are refused', async () => {
  const it = await stage()
  const fields = {
    ...{ 7: '0205235900', 11: '000078', 15: '0205', 33: '00010000', 39: '00' },
    ...dayTotals,
  }
  const message = { header: { destination: '14427900', source: '00010000' }, mti: '0520', fields }
  it.peer.peers[0]?.send(message)
  await until(() => it.totals.length > 0)
  expect(it.totals).toEqual([
    {
      settlementDate: '0205',
      credits: { count: 1, amount: 700n },
      creditReversals: { count: 0, amount: 0n },
      debits: { count: 2, amount: 1500n },
      debitReversals: { count: 1, amount: 500n },
    },
  ])
  await answered(it, '00')
  it.peer.seen.splice(0)
  const { 88: _, ...without } = fields
  it.peer.peers[0]?.send({ ...message, fields: without })
  await answered(it, '30')
  expect(it.totals).toHaveLength(1)
})

test('after a sign-off of the bank nothing new goes there, and what is under way is waited for', async () => {
  const it = await stage()
  const held: (() => void)[] = []
  it.peer.script = (message, peer) => {
    if (!isPayment(message)) return false
    held.push(() => peer.answer(message))
    return true
  }
  const under = buy(it)
  await until(() => held.length === 1)
  it.peer.peers[0]?.send(management({ 70: '002' }))
  await answered(it, '00')
  await until(() => phaseOf(it) === 'leaving')
  expect(await buy(it)).toMatchObject({ outcome: 'unsent' })
  held[0]?.()
  expect(await under).toMatchObject({ outcome: 'done' })
  it.time.advance(500)
  await until(() => phaseOf(it) === 'waiting')
  expect(it.bank.state().connections[0]?.lastError).toBe('signed_off_by_bank')
})

test.each([
  ['A0', ['0820/001', '0820/101']],
  ['77', ['0820/001']],
])(
  '%s repairs the session, on the same connection, with a request under way',
  async (code, asked) => {
    const it = await stage()
    const held: (() => void)[] = []
    it.peer.script = (message, peer) => {
      if (!isPayment(message)) return false
      if (held.length === 0) held.push(() => peer.answer(message))
      else peer.answer(message, { 39: code })
      return true
    }
    const under = buy(it)
    await until(() => held.length === 1)
    it.peer.seen.splice(0)
    expect(await buy(it)).toMatchObject({
      ...{ outcome: 'refused', refusal: { class: 'S', after: 'repair', code: `BR-${code}` } },
    })
    await it.bank.whenReady()
    expect(it.peer.types().filter((type) => type.startsWith('082'))).toEqual(asked)
    held[0]?.()
    expect(await under).toMatchObject({ outcome: 'done' })
    it.peer.script = () => false
    expect(await buy(it)).toMatchObject({ outcome: 'done' })
    expect(it.peer.peers).toHaveLength(1)
  },
)

test('keys out of step on our side: unknown once, then new keys, then it works', async () => {
  const it = await stage()
  it.peer.keys = { pin: keyNumber(7), mac: keyNumber(8) }
  expect(await buy(it)).toMatchObject({ outcome: 'unknown', detail: 'mac_wrong', alarm: true })
  await until(() => phaseOf(it) === 'waiting')
  it.time.advance(1_000)
  await it.bank.whenReady()
  expect(await buy(it)).toMatchObject({ outcome: 'done' })
})

test('a clock that is put back or forward ends nothing', async () => {
  const it = await stage()
  for (const step of [-86_400_000, 86_400_000 * 3]) {
    it.time.clock.advance(step)
    expect(await buy(it)).toMatchObject({ outcome: 'done' })
  }
  expect(it.peer.peers).toHaveLength(1)
})
