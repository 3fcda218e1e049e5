/** What banks and lines do wrong, each on the wire: an answer is done, refused or unknown, and never a guess. */
import { type Message, textOf } from '@telepurse/iso8583'
import { afterEach, expect, test } from 'vitest'
import type { Peer } from '../../../test/bank/scripted-bank.ts'
import {
  buy,
  card,
  closeStages,
  isPayment,
  pin,
  type Stage,
  stage,
  turn,
  until,
} from '../../../test/bank/stage.ts'

afterEach(closeStages)

/** The peer does this with payments, and what it does by itself with everything else. */
function onPayment({ peer }: Stage, act: (message: Message, from: Peer) => void) {
  peer.script = (message, from) => {
    if (!isPayment(message)) return false
    act(message, from)
    return true
  }
}

const arrived = ({ peer }: Stage, count = 1) =>
  until(() => peer.seen.filter(isPayment).length >= count)

const ready = (it: Stage) => it.bank.whenReady()

/** The line is lost, the wait is over, and the bank is signed on to again. */
async function back(it: Stage) {
  const before = it.peer.peers.length
  await until(() => it.bank.state().connections[0]?.phase !== 'ready')
  it.time.advance(1_000)
  await until(() => it.peer.peers.length > before)
  await ready(it)
}

test('silence is unknown, never a decline', async () => {
  const it = await stage()
  onPayment(it, () => {})
  const answer = buy(it)
  await arrived(it)
  it.time.advance(29_999)
  await turn()
  it.time.advance(1)
  expect(await answer).toEqual({ outcome: 'unknown', detail: 'no_answer_in_time', alarm: false })
  expect(it.bank.state().connections[0]?.phase).toBe('ready')
})

test('an answer that comes too late settles nobody, and is told with what it says', async () => {
  const it = await stage()
  const kept: (() => void)[] = []
  onPayment(it, (message, peer) => kept.push(() => peer.answer(message)))
  const exchange = it.bank.begin()
  const first = it.bank.purchase({ exchange, card, amount: 500n, pin })
  await arrived(it)
  it.time.advance(30_000)
  expect(await first).toMatchObject({ outcome: 'unknown' })
  const second = buy(it, 700n)
  await arrived(it, 2)
  kept[0]?.()
  await until(() => it.late.length > 0)
  expect(it.late).toEqual([
    { exchange, mti: '0210', code: 'BR-00', meaning: 'approved', amount: 500n, trace: {} },
  ])
  kept[1]?.()
  expect(await second).toMatchObject({ outcome: 'done' })
})

test('an owner who fails over a late answer ends nothing', async () => {
  const onLate = () => {
    throw new Error('no')
  }
  const it = await stage({
    options: { handlers: { onLate, async onCutOver() {}, async onTotals() {} } },
  })
  onPayment(it, (message, peer) => {
    peer.answer(message, { 11: '999999' })
    peer.answer(message)
  })
  expect(await buy(it)).toMatchObject({ outcome: 'done' })
  expect(it.logged.join()).toContain('bank_late_failed')
})

test('an answer that comes twice counts once', async () => {
  const it = await stage()
  onPayment(it, (message, peer) => {
    peer.answer(message)
    for (const code of ['51', '68', 'ZZ']) peer.answer(message, { 39: code })
  })
  expect(await buy(it)).toMatchObject({ outcome: 'done' })
  await until(() => it.late.length === 3)
  expect(it.late).toMatchObject([
    { code: 'BR-51', meaning: 'refused' },
    { code: 'BR-68', meaning: 'unclear' },
    { code: 'BR-99', meaning: 'unclear' },
  ])
})

test.each([
  ['trace number', { 11: '999999' }],
  ['transmission time', { 7: '0101000000' }],
  ['acquirer', { 32: '99999999' }],
  ['forwarder', { 33: '99999999' }],
  ['missing acquirer', { 32: undefined }],
])('an answer with another %s is not ours', async (_, change) => {
  const it = await stage()
  onPayment(it, (message, peer) => peer.answer(message, change))
  const answer = buy(it)
  await until(() => it.late.length > 0)
  it.time.advance(30_000)
  expect(await answer).toMatchObject({ outcome: 'unknown', detail: 'no_answer_in_time' })
})

test('an answer of another kind is not ours', async () => {
  const it = await stage()
  onPayment(it, (message, peer) => peer.answer({ ...message, mti: '0100' }))
  const answer = buy(it)
  await until(() => it.late.length > 0)
  it.time.advance(30_000)
  expect(await answer).toMatchObject({ outcome: 'unknown' })
})

test.each([
  ['amount', { 4: '000000000001' }, 'amount_differs'],
  ['no amount', { 4: undefined }, 'amount_missing'],
  ['card', { 2: '6212142600000000175' }, 'card_differs'],
  ['kind', { 3: '200000' }, 'kind_differs'],
  ['terminal', { 41: '77000001' }, 'terminal_differs'],
  ['merchant', { 42: '777700000000001' }, 'acceptor_differs'],
  ['currency', { 49: '840' }, 'currency_differs'],
  ['code left out', { 39: undefined }, 'answer_without_code'],
])('a yes with another %s is unknown, and somebody must look', async (_, change, detail) => {
  const it = await stage()
  onPayment(it, (message, peer) => peer.answer(message, change))
  expect(await buy(it)).toEqual({ outcome: 'unknown', detail, alarm: true })
})

test('a decline of another amount is no decline of ours', async () => {
  const it = await stage()
  onPayment(it, (message, peer) => peer.answer(message, { 39: '51', 4: '000000000001' }))
  expect(await buy(it)).toMatchObject({ outcome: 'unknown', alarm: true })
})

test.each(['00', '51'])('a wrong code under a %s is unknown and resets the line', async (code) => {
  const it = await stage()
  onPayment(it, (message, peer) => peer.answer(message, { 39: code }, { mac: 'false' }))
  expect(await buy(it)).toEqual({ outcome: 'unknown', detail: 'mac_wrong', alarm: true })
  await back(it)
  expect(it.keys.replaced).toEqual(['pin', 'mac'])
})

test('an answer without a code is none', async () => {
  const it = await stage()
  onPayment(it, (message, peer) => peer.answer(message, {}, { mac: 'none' }))
  expect(await buy(it)).toMatchObject({ outcome: 'unknown', detail: 'mac_wrong' })
})

test.each([
  ['a cut length header', '00', 'closed_by_bank'],
  ['a length that is none', 'ABCD', 'length_not_digits'],
  ['a message cut short', '0200', 'closed_by_bank'],
])('%s is unknown', async (_, octets, detail) => {
  const it = await stage()
  onPayment(it, (_message, { socket }) => socket.end(octets))
  expect(await buy(it)).toMatchObject({ outcome: 'unknown', detail })
  await back(it)
})

test('a message that cannot be read is dropped, and the next is read', async () => {
  const it = await stage()
  onPayment(it, (message, peer) => {
    peer.socket.write('0008garbage!')
    peer.answer(message)
  })
  expect(await buy(it)).toMatchObject({ outcome: 'done' })
  expect(it.logged.join()).toContain('bank_unreadable')
})

test('two answers in one segment, and one in single octets', async () => {
  const it = await stage()
  const held: Message[] = []
  onPayment(it, (message, peer) => {
    held.push(message)
    if (held.length === 2)
      peer.socket.write(Buffer.concat(held.map((one) => peer.answerOctets(one))))
  })
  expect(await Promise.all([buy(it, 1n), buy(it, 2n)])).toMatchObject([
    { outcome: 'done' },
    { outcome: 'done' },
  ])
  onPayment(it, (message, peer) => {
    peer.socket.setNoDelay(true)
    void (async () => {
      for (const octet of peer.answerOctets(message)) {
        peer.socket.write(Uint8Array.of(octet))
        await turn()
      }
    })()
  })
  expect(await buy(it)).toMatchObject({ outcome: 'done' })
})

test('approved, and the line drops: unknown', async () => {
  const it = await stage()
  onPayment(it, (_message, { socket }) => socket.destroy())
  expect(await buy(it)).toMatchObject({ outcome: 'unknown', alarm: false })
  await back(it)
})

test('before the line is up, and after it is lost, nothing is sent', async () => {
  const it = await stage()
  it.peer.peers[0]?.socket.destroy()
  await until(() => it.bank.state().connections[0]?.phase === 'waiting')
  expect(await buy(it)).toEqual({ outcome: 'unsent', detail: 'not_signed_on' })
  expect(it.peer.seen.filter(isPayment)).toEqual([])
  expect(it.bank.health()).toMatchObject({ up: false })
})

test('an exchange that was sent is not sent again, and one that was not may be', async () => {
  const it = await stage()
  const sent = it.bank.begin()
  const purchase = { card, amount: 500n, pin }
  expect(await it.bank.purchase({ ...purchase, exchange: sent })).toMatchObject({ outcome: 'done' })
  expect(await it.bank.purchase({ ...purchase, exchange: sent })).toEqual({
    ...{ outcome: 'unknown', detail: 'sent_before', alarm: false },
  })
  it.peer.peers[0]?.socket.destroy()
  await until(() => it.bank.state().connections[0]?.phase === 'waiting')
  const later = it.bank.begin()
  expect(await it.bank.purchase({ ...purchase, exchange: later })).toMatchObject({
    outcome: 'unsent',
  })
  await back(it)
  expect(await it.bank.purchase({ ...purchase, exchange: later })).toMatchObject({
    outcome: 'done',
  })
  expect(it.peer.seen.filter(isPayment)).toHaveLength(2)
})

test('a trace number that comes twice a day is noticed before it is sent', async () => {
  const it = await stage({ options: { stans: { nextStan: () => 7 } } })
  expect(await buy(it)).toMatchObject({ outcome: 'done' })
  it.time.advance(1_000)
  expect(await buy(it)).toEqual({ outcome: 'unsent', detail: 'stan_reused' })
  expect(it.logged.join()).toContain('bank_stan_reused')
  it.time.clock.advance(24 * 3_600_000)
  expect(await buy(it)).toMatchObject({ outcome: 'done' })
})

test('two callers with one exchange send it once', async () => {
  const it = await stage()
  const exchange = it.bank.begin()
  const answers = await Promise.all(
    [1, 2].map(() => it.bank.purchase({ exchange, card, amount: 500n, pin })),
  )
  expect(answers.map(({ outcome }) => outcome)).toEqual(['done', 'unknown'])
  const reversal = { original: exchange, card, amount: 500n, repeat: false }
  const own = it.bank.begin()
  const undone = await Promise.all(
    [1, 2].map(() => it.bank.reverse({ ...reversal, exchange: own })),
  )
  expect(undone).toMatchObject([{ outcome: 'done' }, { outcome: 'unknown', detail: 'under_way' }])
  expect(it.peer.seen.filter(isPayment)).toHaveLength(2)
})

test('a reversal that the bank does not know, or cannot do now, is repeated and never taken for done', async () => {
  const it = await stage()
  let code = '25'
  onPayment(it, (message, peer) => peer.answer(message, { 39: code }))
  const reversal = {
    ...{ exchange: it.bank.begin(), original: it.bank.begin(), card, amount: 500n },
    repeat: true,
  }
  for (code of ['25', '91', '96', '19', '77'])
    expect(await it.bank.reverse(reversal)).toMatchObject({ outcome: 'unknown' })
  await ready(it)
  code = '22'
  expect(await it.bank.reverse(reversal)).toMatchObject({
    ...{ outcome: 'refused', refusal: { reason: 'original_state_differs' } },
  })
})

test('a thousand at once pass through a window of sixteen', async () => {
  const it = await stage({ change: { connection: { window: 16, waitingMax: 1_000 } } })
  let inside = 0
  let most = 0
  onPayment(it, (message, peer) => {
    inside += 1
    most = Math.max(most, inside)
    setImmediate(() => {
      inside -= 1
      peer.answer(message)
    })
  })
  const answers = await Promise.all(Array.from({ length: 1_000 }, (_, n) => buy(it, BigInt(n + 1))))
  expect(answers.filter(({ outcome }) => outcome === 'done')).toHaveLength(1_000)
  expect(most).toBeLessThanOrEqual(16)
  expect(most).toBeGreaterThan(1)
  const stans = it.peer.seen.filter(isPayment).map((message) => textOf(message, 11))
  expect(new Set(stans).size).toBe(1_000)
})

test('more than may wait are handed back unsent', async () => {
  const it = await stage({ change: { connection: { window: 1, waitingMax: 1 } } })
  const held: (() => void)[] = []
  onPayment(it, (message, peer) => held.push(() => peer.answer(message)))
  const answers = [buy(it), buy(it), buy(it)]
  expect(await answers[2]).toEqual({ outcome: 'unsent', detail: 'queue_full' })
  await arrived(it)
  held[0]?.()
  await arrived(it, 2)
  held[1]?.()
  expect(await Promise.all(answers.slice(0, 2))).toMatchObject([
    { outcome: 'done' },
    { outcome: 'done' },
  ])
})

test('on close what is under way is waited for, what waits is unsent, and nobody is signed off', async () => {
  const it = await stage({ change: { connection: { window: 1 } } })
  const held: (() => void)[] = []
  onPayment(it, (message, peer) => held.push(() => peer.answer(message)))
  const [first, second] = [buy(it), buy(it)]
  await arrived(it)
  const closed = it.bank.close()
  held[0]?.()
  expect(await first).toMatchObject({ outcome: 'done' })
  expect(await second).toEqual({ outcome: 'unsent', detail: 'closing' })
  it.time.advance(1_000)
  await closed
  expect(it.peer.types()).not.toContain('0820/002')
  expect(await buy(it)).toEqual({ outcome: 'unsent', detail: 'closing' })
})

test('who waits for a link that is closed hears so', async () => {
  const it = await stage({ ready: false })
  const waiting = it.bank.whenReady()
  void it.bank.close()
  await expect(waiting).rejects.toThrow('closed')
  await expect(it.bank.whenReady()).rejects.toThrow('closed')
})

test('a close does not wait for ever, and what is still under way is unknown', async () => {
  const it = await stage({ change: { connection: { drainMs: 1_000 } } })
  it.peer.script = () => true
  const answer = buy(it)
  await arrived(it)
  const closed = it.bank.close()
  for (let n = 0; n < 200; n += 1) {
    it.time.advance(100)
    await turn()
  }
  await closed
  expect(await answer).toMatchObject({ outcome: 'unknown' })
})
