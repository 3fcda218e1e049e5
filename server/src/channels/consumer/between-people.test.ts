/** Money between people through the app: one effect however often it is sent, and nobody else’s business. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { codeOf } from '../../../../test/payment-code.ts'
import {
  type ConsumerStage,
  type Device,
  openConsumerStage,
  pin,
} from '../../../test/consumer-stage.ts'
import { Secret } from '../../kernel/index.ts'

let stage: ConsumerStage
beforeAll(async () => {
  stage = await openConsumerStage()
})
afterAll(() => stage?.close())

async function person(amount = 0n) {
  const customer = await stage.newCustomer(amount)
  return {
    ...customer,
    number: customer.msisdn.slice(3),
    device: await stage.signIn(customer.msisdn),
  }
}
const available = async (device: Device) => (await device.get('/balance')).body.available
const look = (device: Device, number: string) => device.post('/payees', { number })
const signed = (more: object = {}) => ({ pin, key: stage.newKey(), ...more })

test('sent once however often it is tapped, seen by both and by nobody else', async () => {
  const [anna, ben, eve] = [await person(50_00n), await person(), await person()]
  const payee = await look(anna.device, ben.number)
  expect(payee.body).toEqual({
    number: `136****${ben.number.slice(-4)}`,
    name: '*三',
    hasWallet: true,
    delayFrom: '500000',
  })
  const body = signed({ to: ben.number, amount: '3000', memo: '午饭' })
  const taps = await Promise.all(
    Array.from({ length: 6 }, () => anna.device.post('/transfers', body)),
  )
  expect(taps.map(({ status }) => status).toSorted()).toEqual([...Array(5).fill(200), 201])
  expect(new Set(taps.map((one) => JSON.stringify(one.body))).size).toBe(1)
  const [{ body: transfer } = { body: null }] = taps
  expect(transfer).toMatchObject({ direction: 'out', amount: '3000', memo: '午饭', state: 'done' })
  expect([await available(anna.device), await available(ben.device)]).toEqual(['2000', '3000'])
  const { limits, phoneBill } = (await anna.device.get('/me')).body
  expect(phoneBill).toEqual({ leftToday: '2000', leftThisMonth: '7000' })
  expect(limits.day).toEqual({ limit: '5000000', left: '4997000' })
  expect(limits.year).toEqual({ limit: '20000000', left: '19997000' })
  const theirs = { ...transfer, direction: 'in' }
  expect((await ben.device.get(`/transfers/${transfer.id}`)).body).toEqual(theirs)
  expect((await ben.device.get('/transfers')).body).toEqual({ items: [theirs], next: null })
  expect((await eve.device.get(`/transfers/${transfer.id}`)).status).toBe(404)
  expect((await eve.device.get('/transfers')).body.items).toEqual([])
  const other = await anna.device.post('/transfers', { ...body, amount: '3001' })
  expect([other.status, other.body.code]).toEqual([409, 'WL-23'])
})

test('a wrong PIN sends nothing, and too much is told with what is left', async () => {
  const [anna, ben] = [await person(10_00n), await person()]
  const order = { to: ben.number, amount: '1000' }
  const wrong = await anna.device.post('/transfers', signed({ ...order, pin: '000000' }))
  expect([wrong.status, wrong.body.code]).toEqual([409, 'AP-24'])
  const over = await anna.device.post('/transfers', signed({ ...order, amount: '1001' }))
  expect([over.status, over.body.code]).toEqual([409, 'WL-01'])
  const self = await anna.device.post('/transfers', signed({ ...order, to: anna.number }))
  expect(self.body.code).toBe('WL-34')
  expect(await available(anna.device)).toBe('1000')
})

test('what has not arrived is taken back by its payer alone', async () => {
  const [anna, ben] = [await person(30_00n), await person()]
  const order = signed({ to: ben.number, amount: '3000', arrival: '24h' })
  const { body } = await anna.device.post('/transfers', order)
  expect(body).toMatchObject({ state: 'delayed', returnsAt: null })
  expect(Date.parse(body.arrivesAt) - Date.parse(body.requestedAt)).toBe(24 * 3_600_000)
  const held = [{ why: 'delayed_transfers', amount: '3000' }]
  expect((await anna.device.get('/balance')).body).toMatchObject({ available: '0', held })
  const path = `/transfers/${body.id}/cancel`
  const theirs = await ben.device.post(path, signed())
  expect([theirs.status, theirs.body.code]).toEqual([404, 'WL-38'])
  const thief = await anna.device.post(path, signed({ pin: '000000' }))
  expect([thief.status, thief.body.code]).toEqual([409, 'AP-24'])
  expect((await anna.device.get('/balance')).body).toMatchObject({ available: '0', held })
  const taken = signed()
  expect((await anna.device.post(path, taken)).body).toMatchObject({ state: 'cancelled' })
  expect((await anna.device.post(path, taken)).body).toMatchObject({ state: 'cancelled' })
  expect((await anna.device.get('/balance')).body).toMatchObject({ available: '3000', held: [] })
})

test('a number without a wallet finds the money when it opens one', async () => {
  const anna = await person(12_00n)
  const msisdn = await stage.newNumber()
  stage.people.own(msisdn)
  const order = signed({ to: msisdn.slice(3), amount: '1200' })
  const { body } = await anna.device.post('/transfers', order)
  expect(body).toMatchObject({ state: 'waiting_claim', arrivesAt: null })
  const device = await stage.signIn(msisdn)
  expect((await device.get(`/transfers/${body.id}`)).body).toMatchObject({ state: 'waiting_claim' })
  const opened = await stage.db.transact((tx) => stage.wallet.open(tx, { msisdn, class: 'III' }))
  expect(opened.ok).toBe(true)
  expect(await available(device)).toBe('1200')
})

test('names are shown to whoever pays, not to whoever collects them', async () => {
  const { device } = await person()
  const statuses: number[] = []
  for (let looked = 0; looked < 61; looked += 1)
    statuses.push((await look(device, `1350000${String(looked).padStart(4, '0')}`)).status)
  expect(statuses.filter((status) => status === 200)).toHaveLength(60)
  expect(statuses.at(-1)).toBe(429)
  expect((await look((await person()).device, '13500000000')).status).toBe(200)
})

test('above 1,000.00 somebody new is paid by whoever knows the name, and is known from then on', async () => {
  const [anna, ben] = [await person(9_000_00n), await person()]
  const much = (more: object = {}) =>
    anna.device.post('/transfers', signed({ to: ben.number, amount: '100001', ...more }))
  expect((await much()).body.code).toBe('WL-31')
  expect((await much({ nameCharacter: '李' })).body.code).toBe('WL-03')
  expect((await look(anna.device, ben.number)).body.delayFrom).toBe('500000')
  expect((await much({ nameCharacter: '张' })).status).toBe(201)
  expect((await look(anna.device, ben.number)).body.delayFrom).toBeNull()
  expect((await much()).status).toBe(201)
})

test('what is asked for is paid once by the one who is asked, or declined, or taken back', async () => {
  const [anna, ben, eve] = [await person(), await person(40_00n), await person(40_00n)]
  const body = { from: ben.number, amount: '1500', memo: '电影票', key: stage.newKey() }
  const asked = await anna.device.post('/requests', body)
  expect([asked.status, asked.body]).toMatchObject([201, { direction: 'out', state: 'open' }])
  expect((await anna.device.post('/requests', body)).body).toEqual(asked.body)
  const path = `/requests/${asked.body.id}`
  expect((await ben.device.get('/requests')).body.items).toEqual([
    { ...asked.body, direction: 'in' },
  ])
  expect((await eve.device.get(path)).status).toBe(404)
  const foreign = await eve.device.post(`${path}/pay`, signed())
  expect([foreign.status, foreign.body.code]).toEqual([404, 'WL-38'])
  const pay = signed()
  const paid = await Promise.all([1, 2, 3].map(() => ben.device.post(`${path}/pay`, pay)))
  expect(new Set(paid.map((one) => one.body.id)).size).toBe(1)
  expect((await ben.device.post(`${path}/pay`, signed())).body.code).toBe('WL-39')
  expect((await anna.device.get(path)).body).toMatchObject({
    ...{ state: 'paid', transferId: paid[0]?.body.id },
  })
  expect([await available(anna.device), await available(ben.device)]).toEqual(['1500', '2500'])
  const ask = async () =>
    (await anna.device.post('/requests', { ...body, key: stage.newKey() })).body.id
  const [declined, taken] = [await ask(), await ask()]
  expect((await ben.device.post(`/requests/${declined}/decline`, {})).body.state).toBe('declined')
  expect((await anna.device.post(`/requests/${taken}/cancel`, {})).body.state).toBe('cancelled')
  expect((await ben.device.post(`/requests/${taken}/pay`, signed())).body.code).toBe('WL-39')
})

test('a dinner is split among four to the fen; each pays the own share once, and strangers see nothing', async () => {
  const host = await person(1_00n)
  const guests = [await person(100_00n), await person(100_00n), await person(100_00n)]
  const stranger = await person(100_00n)
  const body = {
    ...{ title: '火锅', people: guests.map(({ number }) => number), key: stage.newKey() },
    how: { mode: 'equal', total: '10000', withOwn: true },
  }
  const begun = await host.device.post('/splits', body)
  expect([begun.status, begun.body]).toMatchObject([
    201,
    { isOwn: true, total: '10000', ownShare: '2500', state: 'open' },
  ])
  expect(begun.body.shares.map(({ amount }: { amount: string }) => amount)).toEqual(
    Array(3).fill('2500'),
  )
  expect((await host.device.post('/splits', body)).body).toEqual(begun.body)
  const path = `/splits/${begun.body.id}`
  expect((await stranger.device.get(path)).status).toBe(404)
  expect((await stranger.device.post(`${path}/pay`, signed())).body.code).toBe('WL-38')
  expect((await stranger.device.post(`${path}/stop`, {})).body.code).toBe('WL-38')
  for (const { device } of guests) {
    const [share] = (await device.get('/shares')).body.items
    expect(share).toMatchObject({ splitId: begun.body.id, amount: '2500', state: 'unpaid' })
  }
  const twice = await Promise.all([1, 2].map(() => guests[0]?.device.post(`${path}/pay`, signed())))
  expect(twice.map((one) => one?.status).toSorted()).toEqual([201, 409])
  for (const { device } of guests.slice(1))
    expect((await device.post(`${path}/pay`, signed())).status).toBe(201)
  expect((await host.device.get(path)).body).toMatchObject({ state: 'closed' })
  expect(await available(host.device)).toBe('7600')
  const [first] = guests
  const [{ id: share }] = begun.body.shares
  const back = await host.device.post(`${path}/returns`, { share, pin })
  expect(back.body).toMatchObject({ amount: '2500', direction: 'out' })
  expect(first && (await available(first.device))).toBe('10000')
})

test('who is asked for a share sees whose bill it is, and may say no', async () => {
  const [host, guest, other] = [await person(), await person(10_00n), await person(10_00n)]
  const body = { title: '房租', people: [guest.number, other.number], key: stage.newKey() }
  const how = { mode: 'custom', amounts: ['300', '400'] }
  const { id } = (await host.device.post('/splits', { ...body, how })).body
  const [share] = (await guest.device.get('/shares')).body.items
  expect(share).toMatchObject({ title: '房租', by: `136****${host.number.slice(-4)}` })
  const declined = await guest.device.post(`/splits/${id}/decline`, {})
  expect(declined.body).toMatchObject({ state: 'open', total: '700' })
  expect(declined.body.shares).toMatchObject([{ state: 'void', isOwn: true }, { state: 'unpaid' }])
  expect((await host.device.post(`/splits/${id}/decline`, {})).body.code).toBe('WL-38')
})

test('of a payment that was refunded its payer is told how much, and others what they cannot pay', async () => {
  const [host, guest, other] = [await person(), await person(10_00n), await person(10_00n)]
  const paymentId = host.walletId
  stage.paid.set(`${host.msisdn}|${paymentId}`, 10_00n)
  const people = [guest.number, other.number]
  const how = { mode: 'each', amount: '500' }
  const body = { title: '打车', people, how, paymentId, key: stage.newKey() }
  const { body: begun } = await host.device.post('/splits', body)
  expect(begun).toMatchObject({
    ...{ payment: { amount: '1000', kept: '1000' }, shares: [{ isPayable: true }, {}] },
  })
  const path = `/splits/${begun.id}`
  expect((await guest.device.post(`${path}/pay`, signed())).status).toBe(201)
  stage.refunded.set(paymentId, 1_00n)
  expect((await host.device.get(path)).body.payment).toEqual({ amount: '1000', kept: '900' })
  expect((await other.device.get(path)).body).toMatchObject({
    ...{ payment: null, shares: [{ state: 'paid' }, { state: 'unpaid', isPayable: false }] },
  })
  const refused = await other.device.post(`${path}/pay`, signed())
  expect([refused.status, refused.body.code]).toEqual([409, 'AA-07'])
  expect(await available(other.device)).toBe('1000')
})

test('a wallet is closed by its owner: what is left goes to a card of the own, nothing is lost', async () => {
  const { device, card: cardId } = await person(20_00n)
  const close = (more: object = {}) => device.post('/wallet/close', signed(more))
  const wrong = await close({ pin: '000000' })
  expect([wrong.status, wrong.body.code]).toEqual([409, 'AP-24'])
  const left = await close()
  expect([left.body.code, left.body.words.en]).toEqual([
    'WL-19',
    '20.00 is left; withdraw it first',
  ])
  const order = signed({ cardId })
  for (const _ of [1, 2]) {
    const closed = await device.post('/wallet/close', order)
    expect([closed.status, closed.body]).toEqual([200, { state: 'closing' }])
  }
  expect((await device.get('/movements')).body.items).toMatchObject([
    { kind: 'withdrawal', amount: '2000', fee: '0', speed: 'next_day' },
    { kind: 'cash_in' },
  ])
  const empty = await person()
  expect((await empty.device.post('/wallet/close', signed())).body).toEqual({ state: 'closed' })
})

test('a red packet is given out to the fen, one part a person, and not to whom it is not for', async () => {
  const [host, ben, eve] = [await person(10_00n), await person(), await person()]
  const packet = { kind: 'lucky', amount: '500', count: 2, greeting: '恭喜发财' }
  const order = signed(packet)
  const made = await host.device.post('/packets', order)
  expect([made.status, made.body]).toMatchObject([201, { isOwn: true, taken: 0, state: 'open' }])
  const again = await host.device.post('/packets', order)
  expect([again.status, again.body]).toEqual([200, made.body])
  const path = `/packets/${made.body.id}`
  expect((await eve.device.get(path)).body).toMatchObject({
    isOwn: false,
    parts: [],
    ownPart: null,
  })
  const taps = await Promise.all([1, 2, 3].map(() => ben.device.post(`${path}/open`, {})))
  expect(new Set(taps.map((one) => one.body.amount)).size).toBe(1)
  const last = await eve.device.post(`${path}/open`, {})
  expect(BigInt(taps[0]?.body.amount) + BigInt(last.body.amount)).toBe(500n)
  expect((await host.device.get(path)).body).toMatchObject({ taken: 2, state: 'emptied' })
  const late = await (await person()).device.post(`${path}/open`, {})
  expect([late.status, late.body.code]).toEqual([409, 'RP-01'])
  const only = { kind: 'fixed', amount: '100', count: 1, onlyFor: ben.number }
  const own = await host.device.post('/packets', signed(only))
  const theirs = `/packets/${own.body.id}`
  expect((await eve.device.get(theirs)).status).toBe(404)
  expect((await eve.device.post(`${theirs}/open`, {})).body.code).toBe('RP-04')
  expect((await ben.device.post(`${theirs}/open`, {})).body).toEqual({ amount: '100' })
})

test('a consent is drawn on by its payee up to the cap, and taken back by its payer', async () => {
  const [anna, ben, eve] = [await person(100_00n), await person(), await person()]
  const consent = { to: ben.number, every: 'month', cap: '3000', startsOn: '2026-09-12' }
  const order = signed(consent)
  const given = await anna.device.post('/mandates', order)
  expect([given.status, given.body]).toMatchObject([201, { direction: 'out', state: 'active' }])
  const again = await anna.device.post('/mandates', order)
  expect([again.status, again.body]).toEqual([200, given.body])
  const other = await anna.device.post('/mandates', { ...order, cap: '3001' })
  expect([other.status, other.body.code]).toEqual([409, 'WL-23'])
  const path = `/mandates/${given.body.id}`
  const draw = (device: Device, amount: string) =>
    device.post(`${path}/draws`, { amount, key: stage.newKey() })
  expect((await draw(ben.device, '2000')).status).toBe(201)
  const over = await draw(ben.device, '1001')
  expect([over.body.code, over.body.words.en]).toEqual(['WL-42', 'Over the cap (10.00 left)'])
  expect((await draw(eve.device, '1')).body.code).toBe('WL-38')
  expect((await eve.device.get(path)).status).toBe(404)
  expect((await ben.device.get('/mandates')).body.items).toMatchObject([{ used: '2000' }])
  expect((await anna.device.post(`${path}/end`, {})).body.state).toBe('ended')
  expect((await draw(ben.device, '1')).body.code).toBe('WL-39')
})

test('the statement is the ledger’s: searched, in pages, as a receipt and as files, and one’s own alone', async () => {
  const [anna, ben] = [await person(50_00n), await person()]
  await anna.device.post('/transfers', signed({ to: ben.number, amount: '1250', memo: '=午饭' }))
  const all = (await anna.device.get('/lines')).body
  expect(all.items).toMatchObject([
    { kind: 'transfer', amount: '-1250', balance: '3750', memo: '=午饭' },
    { kind: 'cash_in', amount: '5000', balance: '5000', title: { zh: '现金存入' } },
  ])
  const first = (await anna.device.get('/lines?limit=1')).body
  const second = (await anna.device.get(`/lines?limit=1&before=${first.next}`)).body
  expect([...first.items, ...second.items]).toEqual(all.items)
  const kindsOf = async (query: string) =>
    (await anna.device.get(`/lines?${query}`)).body.items.map(({ kind }: { kind: string }) => kind)
  expect(await kindsOf('kind=cash_in')).toEqual(['cash_in'])
  expect(await kindsOf('kind=cash_in&kind=transfer')).toEqual(['transfer', 'cash_in'])
  expect(await kindsOf('text=%E5%8D%88%E9%A5%AD')).toEqual(['transfer'])
  expect(await kindsOf('from=2026-09-13')).toEqual([])
  expect(await kindsOf('from=2026-09-12&to=2026-09-12')).toHaveLength(2)
  const [line] = all.items
  expect((await anna.device.get(`/receipts/${line.id}`)).body).toEqual(line)
  const span = 'from=2026-09-12&to=2026-09-12'
  const csv = await stage.app.inject({
    url: `/consumer/lines.csv?${span}`,
    headers: { cookie: anna.device.cookie },
  })
  expect(csv.headers['content-type']).toBe('text/csv; charset=utf-8')
  expect(csv.body).toContain('"\'=午饭"')
  const topUps = await stage.app.inject({
    url: `/consumer/lines.csv?${span}&kind=cash_in&text=%E8%90%A5%E4%B8%9A%E5%8E%85`,
    headers: { cookie: anna.device.cookie },
  })
  expect([topUps.statusCode, topUps.body.split('\r\n').length]).toEqual([200, 2])
  const byKind = await stage.app.inject({
    url: `/consumer/lines.csv?${span}&kind=cash_in&kind=top_up`,
    headers: { cookie: anna.device.cookie },
  })
  expect(byKind.body.split('\r\n')).toHaveLength(3)
  expect(byKind.body).not.toContain('午饭')
  const pdf = await stage.app.inject({
    url: `/consumer/lines.pdf?${span}`,
    headers: { cookie: anna.device.cookie },
  })
  expect(pdf.rawPayload.subarray(0, 5).toString()).toBe('%PDF-')
  const stranger = await person()
  expect((await stranger.device.get(`/receipts/${line.id}`)).status).toBe(404)
  expect((await stranger.device.get('/lines')).body).toEqual({ items: [], next: null })
})

test('the order of sources is the customer’s, each named once', async () => {
  const { device } = await person()
  expect((await device.get('/me')).body.sources).toEqual(['wallet', 'card', 'phone_bill'])
  const sources = ['phone_bill', 'wallet', 'card']
  const changed = await device.send('PATCH', '/me', { body: { sources } })
  expect(changed.body.sources).toEqual(sources)
  const twice = await device.send('PATCH', '/me', { body: { sources: ['card', 'card', 'wallet'] } })
  expect([twice.status, twice.body.code]).toEqual([422, 'AP-29'])
  expect((await device.get('/me')).body.sources).toEqual(sources)
})

describe('a payment code that a friend reads', () => {
  async function shownBy({ device }: { readonly device: Device }) {
    const now = new Date(stage.clock.now()).toISOString()
    const { body } = await device.post('/payment-codes', { now })
    return codeOf({ ...body, key: new Secret(body.key) }, 0, stage.clock.now())
  }
  const read = (device: Device, code: string, more: object = {}) =>
    device.post('/code-requests', { code, amount: '1500', key: stage.newKey(), ...more })

  test('is paid at once however often it is tapped, and then says whose it was', async () => {
    const [anna, ben] = [await person(40_00n), await person()]
    const body = { memo: '奶茶', key: stage.newKey() }
    const code = await shownBy(anna)
    const taps = await Promise.all([1, 2, 3].map(() => read(ben.device, code, body)))
    expect(taps.map(({ status }) => status).toSorted()).toEqual([200, 200, 201])
    expect(new Set(taps.map((one) => JSON.stringify(one.body))).size).toBe(1)
    const [{ body: seen } = { body: null }] = taps
    const payer = `136****${anna.number.slice(-4)}`
    expect(seen).toMatchObject({
      ...{ direction: 'out', state: 'paid', byCode: true, payer, name: '*三', memo: '奶茶' },
    })
    expect([await available(anna.device), await available(ben.device)]).toEqual(['2500', '1500'])
    for (const { device } of [anna, ben]) {
      const { items } = (await device.get('/lines?kind=face_to_face')).body
      expect(items).toMatchObject([{ title: { zh: '面对面付款' }, subject: seen.transferId }])
    }
    const other = await read(ben.device, code, { ...body, amount: '1501' })
    expect([other.status, other.body.code]).toEqual([409, 'WL-23'])
    const again = await read(ben.device, code)
    expect([again.status, again.body.code]).toEqual([422, 'F2F-02'])
  })

  test('asks for the PIN above the limit: who reads hears no name before, who shows it does', async () => {
    const [anna, ben, eve] = [await person(400_00n), await person(), await person()]
    const { body: asked } = await read(ben.device, await shownBy(anna), { amount: '30000' })
    expect(asked).toMatchObject({ state: 'open', payer: null, name: null, transferId: null })
    expect(Date.parse(asked.expiresAt) - Date.parse(asked.askedAt)).toBe(180_000)
    const path = `/requests/${asked.id}`
    const [theirs] = (await anna.device.get('/requests')).body.items
    expect(theirs).toMatchObject({ direction: 'in', state: 'open', byCode: true })
    expect((await anna.device.get(path)).body).toMatchObject({ name: '*三', direction: 'in' })
    expect((await eve.device.get(path)).status).toBe(404)
    expect((await anna.device.post(`${path}/pay`, signed())).status).toBe(201)
    expect((await ben.device.get(path)).body).toMatchObject({ state: 'paid', name: '*三' })
    expect(await available(ben.device)).toBe('30000')
  })

  test('that cannot be paid says why to its owner alone', async () => {
    const [anna, ben] = [await person(10_00n), await person()]
    const { status, body } = await read(ben.device, await shownBy(anna))
    expect([status, body]).toMatchObject([
      201,
      { state: 'refused', payer: null, name: null, reason: { zh: '对方这次付不了款' } },
    ])
    expect((await anna.device.get(`/requests/${body.id}`)).body.reason.zh).toBe('余额不足')
    const own = await read(anna.device, await shownBy(anna))
    expect(own.body).toMatchObject({ state: 'refused', reason: { zh: '这是您自己的付款码' } })
  })

  test('that is no good gets one answer, and a reader that guesses is told to wait', async () => {
    const [anna, ben] = [await person(10_00n), await person()]
    const code = await shownBy(anna)
    stage.clock.advance(120_000)
    const said = [code, '7'.repeat(18), '762049155374537744']
    for (const digits of said) {
      const { status, body } = await read(ben.device, digits)
      expect([status, body.code, body.words.zh]).toEqual([422, 'F2F-01', '付款码已过期，请刷新'])
    }
    for (let n = 0; n < 20; n += 1) await read(ben.device, '762049155374537744')
    const locked = await read(ben.device, await shownBy(anna))
    expect([locked.status, locked.headers['retry-after']]).toEqual([429, '1800'])
  })
})
