/** Reasons not to send, and several ways to one bank. */
import { connect as tcp } from 'node:net'
import { Duplex } from 'node:stream'
import { encode, frameMessage } from '@telepurse/iso8583'
import { afterEach, expect, test } from 'vitest'
import {
  buy,
  card,
  closeStages,
  configOf,
  isPayment,
  morning,
  stage,
  turn,
  until,
} from '../../../test/bank/stage.ts'
import { specOf } from './config.ts'

afterEach(closeStages)

const breaker = { troublesMax: 3, openMs: 10_000, openMaxMs: 60_000 }

test('a bank that is silent three times is let be, then asked once, longer each time', async () => {
  const it = await stage({ change: { breaker } })
  it.peer.script = isPayment
  for (let n = 1; n <= 3; n += 1) {
    const answer = buy(it)
    await until(() => it.peer.seen.filter(isPayment).length === n)
    it.time.advance(30_000)
    expect(await answer).toMatchObject({ outcome: 'unknown' })
    await until(() => it.peer.types().filter((type) => type === '0820/301').length === n)
    await until(() => it.bank.state().connections[0]?.outstanding === 0)
  }
  const opensAt = it.time.clock.now() + 10_000
  expect(await buy(it)).toEqual({ outcome: 'unsent', detail: 'breaker_open', opensAt })
  expect(it.bank.state()).toMatchObject({ open: false, breaker: 'open', opensAt })
  expect(it.bank.health()).toEqual({ up: false, detail: 'ready; breaker open' })
  it.peer.script = () => true
  it.time.advance(10_000)
  await turn()
  expect(it.bank.state()).toMatchObject({ breaker: 'trial' })
  expect(await buy(it)).toMatchObject({ outcome: 'unsent', detail: 'breaker_open' })
  it.time.advance(30_000)
  await until(() => it.bank.state().breaker === 'open')
  expect(it.bank.state()).toMatchObject({ opensAt: it.time.clock.now() + 20_000 })
  it.peer.script = () => false
  for (let n = 0; n < 60 && it.bank.state().breaker !== 'closed'; n += 1) {
    it.time.advance(1_000)
    await turn()
    await turn()
  }
  await until(() => it.bank.state().breaker === 'closed')
  await it.bank.whenReady()
  expect(await buy(it)).toMatchObject({ outcome: 'done' })
  expect(it.peer.seen.filter(isPayment)).toHaveLength(4)
})

test('codes that say the session is out of step open the breaker, declines never do', async () => {
  const it = await stage({ change: { breaker } })
  let code = '51'
  it.peer.script = (message, peer) => {
    if (!isPayment(message)) return false
    peer.answer(message, { 39: code })
    return true
  }
  for (let n = 0; n < 10; n += 1)
    expect(await buy(it)).toMatchObject({ outcome: 'refused', refusal: { reason: 'low_funds' } })
  code = '77'
  for (let n = 0; n < 3; n += 1) {
    await until(() => it.bank.state().connections[0]?.phase === 'ready')
    expect(await buy(it)).toMatchObject({ outcome: 'refused', refusal: { class: 'S' } })
  }
  expect(await buy(it)).toMatchObject({ outcome: 'unsent', detail: 'breaker_open' })
})

test('a window that is lost with its line is one trouble', async () => {
  const it = await stage({ change: { breaker } })
  it.peer.script = (message, { socket }) => {
    if (!isPayment(message)) return false
    if (it.peer.seen.filter(isPayment).length === 5) socket.destroy()
    return true
  }
  const answers = await Promise.all(Array.from({ length: 5 }, () => buy(it)))
  expect(answers.every(({ outcome }) => outcome === 'unknown')).toBe(true)
  expect(it.bank.state().breaker).toBe('closed')
})

test('outside its hours a bank gets nothing, and the caller learns when it opens', async () => {
  const it = await stage({
    change: { hours: [{ days: [1, 2, 3, 4, 5], from: '09:00', to: '10:23' }] },
  })
  expect(await buy(it)).toMatchObject({ outcome: 'done' })
  it.time.clock.advance(20_000)
  const opensAt = Date.UTC(2026, 1, 6, 1, 0)
  expect(await buy(it)).toEqual({ outcome: 'unsent', detail: 'outside_hours', opensAt })
  expect(it.bank.state()).toMatchObject({ open: false, opensAt })
  expect(it.bank.health()).toMatchObject({ up: true })
  expect(it.peer.seen.filter(isPayment)).toHaveLength(1)
})

test('several connections share the work, and one that is lost leaves the others', async () => {
  const it = await stage({ change: { connection: { connections: 3, window: 2 } } })
  await until(() => it.bank.state().connections.every(({ phase }) => phase === 'ready'))
  const held: (() => void)[] = []
  it.peer.script = (message, peer) => {
    if (!isPayment(message)) return false
    held.push(() => peer.answer(message))
    return true
  }
  const answers = Array.from({ length: 6 }, () => buy(it))
  await until(() => held.length === 6)
  expect(it.bank.state().connections.map(({ outstanding }) => outstanding)).toEqual([2, 2, 2])
  it.peer.peers[0]?.socket.destroy()
  await until(() => it.bank.state().connections.some(({ phase }) => phase === 'waiting'))
  for (const answer of held) answer()
  const outcomes = (await Promise.all(answers)).map(({ outcome }) => outcome).toSorted()
  expect(outcomes).toEqual(['done', 'done', 'done', 'done', 'unknown', 'unknown'])
  it.peer.script = () => false
  expect(await buy(it)).toMatchObject({ outcome: 'done' })
})

test('several banks stand side by side: one that is silent does not touch the other', async () => {
  const [first, second] = await Promise.all([
    stage({ change: { breaker } }),
    stage({ change: { name: 'second_bank', pin: { keptBy: 'wallet' } } }),
  ])
  first.peer.script = () => true
  const waiting = buy(first)
  expect(await buy(second)).toMatchObject({ outcome: 'done' })
  expect(second.bank.name).toBe('second_bank')
  await until(() => first.peer.seen.some(isPayment))
  first.time.advance(30_000)
  expect(await waiting).toMatchObject({ outcome: 'unknown' })
})

test('a connection that ends before it begins is tried again', async () => {
  let tries = 0
  const connect = (host: string, port: number) => {
    tries += 1
    const socket = tcp({ host, port })
    if (tries === 1) socket.destroy()
    return socket
  }
  const it = await stage({ ready: false, options: { connect } })
  await until(() => it.bank.state().connections[0]?.phase === 'waiting')
  it.time.advance(1_000)
  await it.bank.whenReady()
  expect(tries).toBe(2)
})

test('a bank that asks and never reads does not fill the memory', async () => {
  const request = {
    ...{ header: { destination: '14427900', source: '00010000' }, mti: '0820' },
    fields: { 7: '0205102300', 11: '000077', 33: '00010000', 70: '301' },
  }
  const spec = specOf(configOf())
  const encoded = encode(spec, request)
  const frame = frameMessage(spec.frame, encoded.ok ? encoded.value : new Uint8Array())
  const connect = () => {
    const deaf = new Duplex({ read() {}, write() {} })
    process.nextTick(() => {
      deaf.emit('connect')
      for (let n = 0; n < 100; n += 1) deaf.push(Buffer.concat(Array(150).fill(frame)))
    })
    return deaf
  }
  const it = await stage({ ready: false, options: { connect } })
  await until(() => it.bank.state().connections[0]?.phase === 'waiting')
  expect(it.bank.state().connections[0]?.lastError).toBe('bank_does_not_read')
})

test('two callers with one reversal are no trouble of the bank', async () => {
  const it = await stage({ change: { breaker: { ...breaker, troublesMax: 1 } } })
  const reversal = { exchange: it.bank.begin(), original: it.bank.begin(), card, amount: 5n }
  const answers = [1, 2, 3].map(() => it.bank.reverse({ ...reversal, repeat: true }))
  expect(await Promise.all(answers)).toMatchObject([
    { outcome: 'done' },
    { detail: 'under_way' },
    { detail: 'under_way' },
  ])
  expect(it.bank.state().breaker).toBe('closed')
})

test('an exchange is named in the time of the bank', async () => {
  const it = await stage({ change: { zone: 'UTC' } })
  it.time.clock.set(morning)
  const first = it.bank.begin()
  const second = it.bank.begin()
  expect(first).toMatchObject({ transmittedAt: '0205022241', acquirer: '14842763' })
  expect(second.stan).toBe(first.stan + 1)
})

test('no line of the log has a card number, a PIN, a key or a name, however it goes', async () => {
  const traced: string[] = []
  const it = await stage({
    keys: 'none',
    options: { trace: (direction, lines) => traced.push(direction, ...lines) },
  })
  const { Secret } = await import('../../kernel/index.ts')
  let mode: 'true' | 'false' = 'true'
  it.peer.script = (message, peer) => {
    if (!isPayment(message)) return false
    peer.answer(message, { 2: '6212142600000000175' }, { mac: mode })
    return true
  }
  const secret = { pin: new Secret('739174'), expiry: new Secret('2911') }
  const verification = {
    ...{ name: new Secret('欧阳建国'), mobile: new Secret('13900019999') },
    document: { kind: '01', number: new Secret('110101199003074477') },
    securityCode: new Secret('864'),
  }
  const own = { card: { ...card, expiry: secret.expiry }, pin: secret.pin }
  await it.bank.verify({ exchange: it.bank.begin(), ...own, ...verification })
  await it.bank.purchase({ exchange: it.bank.begin(), ...own, amount: 1n })
  mode = 'false'
  await it.bank.purchase({ exchange: it.bank.begin(), ...own, amount: 1n })
  const said = [...it.logged, ...traced, JSON.stringify(it.bank.state())].join('\n')
  expect(said).toContain('bank_mac_wrong')
  expect(said).toContain('2 pan 621214*********0167')
  const clear = ['6212142600000000167', '6212142600000000175', '739174', '欧阳', '13900019999']
  const keys = Object.values(it.peer.keys).map((key) => Buffer.from(key).toString('hex'))
  for (const one of [...clear, '110101199003074477', '864 ', '2911', ...keys])
    expect(said.toLowerCase()).not.toContain(one)
})
