/** What clerks do for customers, two people where two are needed, and tills to the fen. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  agreement,
  type Client,
  type CounterStage,
  customer,
  openCounter,
  owner,
  pan,
} from '../../../test/counter-stage.ts'

const msisdn = customer
const other = { name: '王五', documentNumber: '110105194912310038' }

let hall: CounterStage
let clerk: Client
let boss: Client

beforeAll(async () => {
  hall = await openCounter()
  await hall.hire('0417', ['clerk'])
  await hall.hire('0101', ['supervisor'])
  await hall.hire('0002', ['clerk', 'supervisor'])
  await hall.hire('9001', ['clerk', 'supervisor'], { office: '东湖厅' })
})
afterAll(() => hall?.close())

beforeEach(async () => {
  const { owners, pins, cards, bills, wallets, moved, texts, asked, answers, around } = hall.fakes
  for (const map of [owners, pins, cards, bills, wallets, moved]) map.clear()
  for (const list of [texts, asked, answers, hall.askAgainMs]) list.length = 0
  Object.assign(around, { before: async () => {}, after: async () => {} })
  for (const table of [
    'act',
    'till',
    'till_entry',
    'till_banking',
    'approval',
    'voucher',
    'voucher_month',
    'session',
  ])
    await hall.db.transact((tx) => tx.query(`delete from staff_${table}`))
  clerk = await hall.signIn('0417')
  boss = await hall.signIn('0101')
})
afterEach(async () => {
  expect(await hall.complaints()).toEqual([])
})

const open = (client = clerk) => client.post('/acts/open', { msisdn, owner, agreement })
const bind = (more: object = {}, key?: string) =>
  clerk.post('/acts/bind', { msisdn, owner, card: { number: pan }, agreement, ...more }, key)
const openTill = (client = clerk, counts: object = { 10000: 20, 5000: 10, 100: 60, 50: 0 }) =>
  client.post('/till/open', { desk: '3 号台', counts })
const cashIn = (amount: string, more: { key?: string; reason?: string } = {}) =>
  clerk.post('/acts/cash-in', { msisdn, amount, reason: more.reason ?? null }, more.key)
const cashOut = (amount: string, more: object = {}, key?: string) =>
  clerk.post('/acts/cash-out', { msisdn, owner, amount, walletPin: '824613', ...more }, key)
const approve = (id: string, client = boss) =>
  client.post(`/approvals/${id}/approve`, { code: hall.freshCode(client.login) })
const choosePin = () => hall.fakes.pins.set(msisdn, { state: 'active', pin: '824613' })
const balance = () => hall.fakes.wallets.get(msisdn)?.balance

describe('a customer', () => {
  test('opens, binds, and takes home two vouchers; the clerk sees neither PIN nor whole card', async () => {
    const opened = await open()
    expect([opened.status, opened.body.act.voucher]).toEqual([200, 'BD-2611-000001'])
    const bound = await bind()
    expect(bound.body.act).toMatchObject({
      ...{ kind: 'bind', state: 'done', voucher: 'BD-2611-000002', msisdn: '139****0001' },
      shown: { number: '139****0001', owner: '*黛', card: '**** 0122' },
    })
    expect(hall.fakes.texts).toEqual([{ msisdn, pin: '135790', kind: 'initial' }])
    expect(hall.fakes.asked[0]).toBe('begin 0417 BD-2611-000002')
    const seen = await clerk.post('/customers/find', { msisdn })
    expect(seen.body).toMatchObject({
      owner: { level: 'verified', maskedName: '*黛' },
      cards: [{ maskedNumber: '6217 **** **** 0122', state: 'active', isDefault: true }],
      wallet: { state: 'open', balance: '0', points: '120', unseenCodes: 2 },
    })
    const voucher = await clerk.get('/vouchers/BD-2611-000002')
    expect(voucher.body.lines.map((line: { value: unknown }) => line.value)).toEqual([
      { zh: '绑定银行卡', en: 'Bank card bound' },
      ...['139****0001', '*黛', '6217 **** **** 0122', '2026-09'],
      ...[expect.stringMatching(/^2026-11-2\d \d\d:\d\d:\d\d$/), '滨江路厅 / 0417'],
    ])
    const everything = JSON.stringify([
      opened.body,
      bound.body,
      seen.body,
      voucher.body,
      await hall.log(),
      await hall.db.query('select to_jsonb(a) as act from staff_act a'),
      await hall.db.query('select to_jsonb(v) as voucher from staff_voucher v'),
    ])
    for (const secret of [pan, '135790', owner.documentNumber, owner.name])
      expect(everything).not.toContain(secret)
  })

  test('whose document is another’s is refused in the words of its code', async () => {
    await open()
    const refusals = [
      [bind({ owner: other }), 'BK-E08', '机主与持卡人须为同一人'],
      [
        clerk.post('/acts/pin-reset', { msisdn, owner: other, reason: '忘记密码' }),
        'CT-15',
        '证件与机主登记不一致',
      ],
      [
        clerk.post('/acts/open', { msisdn, owner: other, agreement }),
        'CT-15',
        '证件与机主登记不一致',
      ],
      [
        clerk.post('/acts/open', { msisdn, owner, agreement: { version: '2020-01' } }),
        'CT-18',
        '协议已更新，请重新签署',
      ],
      [
        clerk.post('/acts/open', { msisdn: '13900010099', owner, agreement }),
        'CT-12',
        '查无此号码',
      ],
    ] as const
    for (const [asked, code, zh] of refusals) {
      const { status, body } = await asked
      expect([status >= 400, body.code, body.words.zh]).toEqual([true, code, zh])
      expect(body.words.en.length).toBeGreaterThan(5)
    }
    hall.fakes.cards.set('theirs', {
      id: 'theirs',
      msisdn: '+8613900010002',
      pan,
      bank: 'jcb',
      kind: 'debit',
      first6: '621700',
      last4: '0122',
      state: 'active',
      boundAt: 1,
    })
    expect((await bind()).body).toMatchObject({
      code: 'BK-E07',
      words: { zh: '此卡已绑定其他手机' },
    })
    const rows = (await clerk.get('/words')).body.items.map((row: { code: string }) => row.code)
    expect(rows).toEqual(expect.arrayContaining(['BK-E07', 'BK-E08', 'CT-35', 'WL-01']))
    const refused = (await hall.log()).filter((row) => row.action === 'counter.refused')
    expect(refused.length).toBeGreaterThanOrEqual(4)
  })

  test('asks a silent bank again by itself, few times, and the last answer ends the act', async () => {
    await open()
    hall.askAgainMs.push(20, 20)
    hall.fakes.answers.push('unknown', 'unknown', 'active')
    const silent = await bind({ cardPin: '271828' })
    expect(silent.body.act).toMatchObject({ state: 'begun', waitsFor: 'answer' })
    const path = `/acts/${silent.body.act.id}`
    await expect.poll(async () => (await clerk.get(path)).body.state).toBe('done')
    const proofs = hall.fakes.asked.filter((one) => one.startsWith('verify'))
    expect([proofs.length, new Set(proofs).size]).toEqual([3, 1])

    hall.fakes.answers.push('unknown', 'unknown', 'unknown', 'active')
    const mute = await bind({ card: { number: '6217001234567890130' } })
    const askedOf = () => hall.fakes.asked.filter((one) => one.startsWith('verify')).length
    await expect.poll(askedOf).toBe(6)
    expect((await clerk.get(`/acts/${mute.body.act.id}`)).body.state).toBe('begun')
    expect((await clerk.post(`/acts/${mute.body.act.id}/retry`, {})).body.act.state).toBe('done')
  })

  test('waits for a silent bank, then for a code, and the same request is the same act', async () => {
    await open()
    hall.fakes.answers.push('unknown', 'code_sent')
    const silent = await bind({}, 'bind-key-1')
    expect([silent.status, silent.body.act.state, silent.body.act.waitsFor]).toEqual([
      202,
      'begun',
      'answer',
    ])
    const texted = await bind({}, 'bind-key-1')
    expect([texted.status, texted.body.act.id, texted.body.act.waitsFor]).toEqual([
      202,
      silent.body.act.id,
      'code',
    ])
    expect((await bind({}, 'bind-key-1')).body.act.waitsFor).toBe('code')
    expect(hall.fakes.asked.filter((one) => one.startsWith('verify'))).toHaveLength(2)
    expect((await bind({ card: { number: '6217001234567890000' } }, 'bind-key-1')).body.code).toBe(
      'CT-31',
    )
    const enter = (code: string) => clerk.post(`/acts/${silent.body.act.id}/code`, { code })
    expect((await enter('111111')).body.code).toBe('BK-E17')
    expect((await enter('123456')).body.act).toMatchObject({
      state: 'done',
      voucher: 'BD-2611-000002',
    })
    expect((await enter('123456')).body.code).toBe('CT-39')
    hall.fakes.answers.push('refused')
    const refused = await bind({}, 'bind-key-2')
    expect([refused.status, refused.body.code]).toEqual([409, 'BK-E08'])
    expect((await clerk.get('/vouchers/BD-2611-000003')).body.state).toBe('void')
  })
})

describe('a bound card', () => {
  const unbind = (more: object, key = 'unbind-key-1') => {
    const binding = [...hall.fakes.cards.keys()][0]
    return clerk.post('/acts/unbind', { msisdn, owner, binding, ...more }, key)
  }
  beforeEach(async () => {
    await open()
    await bind()
  })

  test('of a credit card shows what is left of its bill, as it is known', async () => {
    const [binding = ''] = hall.fakes.cards.keys()
    const seen = async () => (await clerk.post('/customers/find', { msisdn })).body.cards[0].bill
    hall.fakes.bills.set(binding, { left: 480_00n, leastLeft: 0n, dueOn: '2026-12-25' })
    expect(await seen()).toBeNull()
    const card = hall.fakes.cards.get(binding)
    if (card) hall.fakes.cards.set(binding, { ...card, kind: 'credit' })
    expect(await seen()).toEqual({ left: '48000', leastLeft: '0', dueOn: '2026-12-25' })
  })

  test('is let go with the card on the desk; without it a second person must agree', async () => {
    expect((await unbind({ card: '6217001234567890000' })).body.code).toBe('CT-20')
    expect((await unbind({})).body.code).toBe('CT-32')
    const asked = await unbind({ reason: '卡已遗失' })
    expect([asked.status, asked.body.approval.shown.card]).toEqual([202, '6217 **** **** 0122'])
    expect((await unbind({ card: pan }, 'unbind-key-2')).body.act.state).toBe('done')
    expect((await unbind({ reason: '卡已遗失' })).body.code).toBe('BK-E25')
  })

  test('is bound again with what proves the holder, which is kept nowhere', async () => {
    const [binding] = hall.fakes.cards.keys()
    const body = { msisdn, owner, binding, card: { number: pan, expiry: '2812' } }
    const again = await clerk.post('/acts/rebind', {
      ...body,
      cardPin: '908172',
      securityCode: '731',
    })
    expect(again.body.act).toMatchObject({ kind: 'rebind', state: 'done' })
    expect((await clerk.post('/acts/rebind', { ...body, owner: other })).body.code).toBe('BK-E08')
    const checks = await clerk.post('/cards/check', { msisdn, owner: other, card: { number: pan } })
    expect(checks.body).toMatchObject({
      ...{ bank: 'jcb', bankName: { zh: '江城银行' }, kind: 'debit' },
      maskedNumber: '6217 **** **** 0122',
      checks: [
        {
          check: 'owner',
          ok: false,
          refusal: { code: 'BK-E08', words: { zh: '机主与持卡人须为同一人' } },
        },
        { check: 'card', ok: true, refusal: null },
      ],
    })
    const kept = JSON.stringify([
      await hall.log(),
      await hall.db.query('select to_jsonb(a) as act from staff_act a'),
    ])
    expect(kept).not.toMatch(/908172|"731"/)
  })
})

describe('a second person', () => {
  beforeEach(() => open())
  const reset = (key = 'reset-key-1', reason = '客户忘记密码') =>
    clerk.post('/acts/pin-reset', { msisdn, owner, reason }, key)
  const texts = () => hall.fakes.texts.filter((text) => text.kind === 'reset').length

  test('sees what is asked, masked, agrees with a code, and the same request goes through once', async () => {
    const asked = await reset()
    expect(asked.status).toBe(202)
    const { id } = asked.body.approval
    expect(texts()).toBe(0)
    const [waiting] = (await boss.get('/approvals')).body.items
    expect(waiting).toMatchObject({
      ...{ id, kind: 'pin_reset', state: 'asked', reason: '客户忘记密码' },
      shown: { number: '139****0001', owner: '*黛' },
      askedBy: { login: '0417' },
    })
    expect((await reset()).body.approval.id).toBe(id)
    expect((await boss.post(`/approvals/${id}/approve`, { code: '000000' })).body.code).toBe(
      'CT-09',
    )
    expect(texts()).toBe(0)
    expect((await approve(id)).body).toMatchObject({
      state: 'approved',
      decidedBy: { login: '0101' },
    })
    expect((await approve(id)).body.code).toBe('CT-37')
    const answers = await Promise.all([reset(), reset(), reset()])
    expect(answers.map((one) => [one.status, one.body.act?.voucher])).toEqual(
      answers.map(() => [200, 'BD-2611-000002']),
    )
    expect(texts()).toBe(1)
    expect((await boss.get(`/approvals/${id}`)).body.state).toBe('used')
    expect((await reset('reset-key-2')).status).toBe(202)
    const trail = (await hall.log())
      .filter((row) => /approval|pin_reset/.test(row.action))
      .slice(-7)
    expect(trail.map((row) => `${row.operator} ${row.action}`)).toEqual([
      'staff:0417 approval.ask',
      'staff:0101 approval.approve',
      'staff:0101 approval.refused',
      'staff:0417 approval.use',
      'staff:0417 counter.pin_reset',
      'staff:0417 counter.pin_reset.done',
      'staff:0417 approval.ask',
    ])
  })

  test('is never the one who asks, nor of another hall, nor a clerk', async () => {
    const both = await hall.signIn('0002')
    const asked = await both.post('/acts/pin-reset', { msisdn, owner, reason: '自己的' })
    const { id } = asked.body.approval
    const own = await approve(id, both)
    expect([own.status, own.body.code]).toEqual([403, 'CT-35'])
    expect((await approve(id, clerk)).body.code).toBe('CT-05')
    const stranger = await hall.signIn('9001')
    expect((await approve(id, stranger)).body.code).toBe('CT-34')
    expect((await stranger.get(`/approvals/${id}`)).status).toBe(404)
    expect((await clerk.get(`/approvals/${id}`)).status).toBe(404)
    expect(
      (await hall.log()).filter((row) => row.action === 'approval.refused').length,
    ).toBeGreaterThan(1)
    // The table says it again, should the program ever not.
    await expect(
      hall.db.transact((tx) =>
        tx.query(
          `update staff_approval set state = 'approved', decided_by = asked_by, decided_at = 1 where id = $1`,
          [id],
        ),
      ),
    ).rejects.toThrow('check')
    expect((await approve(id)).status).toBe(200)
  })

  test('agreed to these words and no others', async () => {
    const { id } = (await reset()).body.approval
    await approve(id)
    expect((await reset('reset-key-1', '另一个原因')).status).toBe(202)
    const both = await hall.signIn('0002')
    expect(
      (await both.post('/acts/pin-reset', { msisdn, owner, reason: '客户忘记密码' }, 'reset-key-1'))
        .status,
    ).toBe(202)
    expect(
      (
        await clerk.post(
          '/acts/sim-change',
          { msisdn, owner, reason: '客户忘记密码' },
          'reset-key-1',
        )
      ).status,
    ).toBe(202)
    expect(texts()).toBe(0)
    expect((await reset()).status).toBe(200)
  })

  test('declines for good, is too late after a quarter of an hour, and can be spared the question', async () => {
    const first = (await reset('reset-key-1')).body.approval.id
    const no = await boss.post(`/approvals/${first}/decline`, { reason: '证件存疑' })
    expect(no.body).toMatchObject({ state: 'declined', note: '证件存疑' })
    expect((await reset('reset-key-1')).body.code).toBe('CT-33')
    const second = (await reset('reset-key-2')).body.approval.id
    await approve(second)
    hall.clock.advance(15 * 60_000)
    clerk = await hall.signIn('0417')
    boss = await hall.signIn('0101')
    expect((await boss.get(`/approvals/${second}`)).body.state).toBe('expired')
    const third = (await reset('reset-key-2')).body.approval.id
    expect(third).not.toBe(second)
    expect((await clerk.post(`/approvals/${third}/withdraw`)).body.state).toBe('withdrawn')
    expect((await approve(third)).body.code).toBe('CT-37')
    expect(texts()).toBe(0)
  })

  test('is asked for a SIM change, and for closing with money left as it was shown', async () => {
    expect(
      (await clerk.post('/acts/sim-change', { msisdn, owner, reason: '旧卡遗失' })).status,
    ).toBe(202)
    const wallet = hall.fakes.wallets.get(msisdn) as { balance: bigint; state: string }
    wallet.balance = 12_34n
    const nowhere = await clerk.post(
      '/acts/close',
      { msisdn, owner, reason: '不再使用' },
      'close-key-0',
    )
    await approve(nowhere.body.approval.id)
    const left = await clerk.post(
      '/acts/close',
      { msisdn, owner, reason: '不再使用' },
      'close-key-0',
    )
    expect([left.body.code, left.body.words.zh]).toEqual(['WL-19', '余额12.34元'])
    const payTo = '01890000-0000-7000-8000-0000000000aa'
    const pay = { msisdn, owner, reason: '不再使用', payTo }
    expect((await clerk.post('/acts/close', pay, 'close-key-2')).body.code).toBe('BK-E25')
    hall.fakes.cards.set(payTo, {
      ...{ id: payTo, msisdn, pan, bank: 'jcb', kind: 'debit', state: 'active', boundAt: 1 },
      ...{ first6: '621700', last4: '0122' },
    })
    const close = () =>
      clerk.post('/acts/close', { msisdn, owner, reason: '不再使用', payTo }, 'close-key-1')
    const asked = await close()
    expect(asked.body.approval.shown).toEqual({
      ...{ number: '139****0001', owner: '*黛', balance: '12.34', payTo: '6217 **** **** 0122' },
    })
    await approve(asked.body.approval.id)
    wallet.balance = 99_99n
    const again = await close()
    expect([again.status, again.body.approval.shown.balance]).toEqual([202, '99.99'])
    await approve(again.body.approval.id)
    const closed = await close()
    expect([closed.status, wallet.state]).toEqual([200, 'closed'])
    const voucher = await clerk.get(`/vouchers/${closed.body.act.voucher}`)
    expect(voucher.body.lines).toContainEqual({
      label: { zh: '余额转出', en: 'Paid out, CNY' },
      value: '99.99',
    })
  })
})

describe('a till', () => {
  beforeEach(() => open())

  test('is needed for cash, is one a person and one a desk, and counts to the fen', async () => {
    expect((await cashIn('6000')).body.code).toBe('CT-51')
    const opened = await openTill()
    expect([opened.status, opened.body.float]).toEqual([201, '256000'])
    expect((await openTill()).body.code).toBe('CT-53')
    const both = await hall.signIn('0002')
    expect((await openTill(both)).body.code).toBe('CT-54')
    choosePin()
    await cashIn('6001')
    expect((await cashOut('260000')).body.code).toBe('WL-01')
    expect((await cashOut('300000')).body.code).toBe('CT-52')
    expect((await cashOut('5001', { walletPin: '000000' })).body.code).toBe('CT-24')
    await cashOut('5001')
    expect((await clerk.get('/till')).body).toMatchObject({
      ...{ balance: '257000', held: '0', cashIn: '6001', cashOut: '5001', entries: 3 },
    })
    expect(balance()).toBe(10_00n)
    const closed = await clerk.post('/till/close', { counts: { 10000: 25, 1000: 7 } })
    expect(closed.body.till).toMatchObject({ state: 'closed', counted: '257000', difference: '0' })
    expect((await cashIn('6000')).body.code).toBe('CT-51')
  })

  test('that does not balance is closed by two people with a reason, and by no one alone', async () => {
    await openTill(clerk, { 10000: 10 })
    const close = (counts: object, reason: string | null) =>
      clerk.post('/till/close', { counts, reason })
    expect((await close({ 10000: 9 }, null)).body.code).toBe('CT-56')
    const asked = await close({ 10000: 9, 5000: 1 }, '少收一张')
    expect([asked.status, asked.body.approval.shown]).toEqual([
      202,
      { desk: '3 号台', expected: '1000.00', counted: '950.00', difference: '-50.00' },
    ])
    await approve(asked.body.approval.id)
    // Another count, another reason, or money that moved in between is another question.
    expect((await close({ 10000: 9 }, '少收一张')).status).toBe(202)
    expect((await close({ 10000: 9, 5000: 1 }, '别的')).status).toBe(202)
    const closed = await close({ 10000: 9, 5000: 1 }, '少收一张')
    expect([closed.status, closed.body.till.difference]).toEqual([200, '-5000'])
    const [seen] = (await boss.get('/tills')).body.items
    expect(seen).toMatchObject({
      difference: '-5000',
      reason: '少收一张',
      person: { login: '0417' },
    })
    for (const column of ['approval', 'difference_transfer'])
      await expect(
        hall.db.transact((tx) => tx.query(`update staff_till set ${column} = null`)),
      ).rejects.toThrow('check')
  })

  test('that was closed gives its cash to the bank: once, with a slip and a second person, in the ledger too', async () => {
    const id = (await openTill(clerk, { 10000: 10 })).body.id
    const journal = async () =>
      (
        await hall.db.query<{ line: string }>(
          `select format('D %s / C %s %s', debit_account, credit_account, amount) as line from transfer
           where subject = $1 order by created_at, id`,
          [id],
        )
      ).map(({ line }) => line.replaceAll(`:${id}`, ''))
    const bank = (slip: string) => clerk.post(`/till/${id}/bank`, { slip })
    expect((await bank('0481')).body.code).toBe('CT-57')
    const close = () => clerk.post('/till/close', { counts: { 10000: 11 }, reason: '多一张' })
    await approve((await close()).body.approval.id)
    expect((await close()).status).toBe(200)
    expect(await journal()).toEqual(['D counter-cash / C till-suspense 10000'])
    expect((await clerk.get('/till/to-bank')).body.items).toMatchObject([{ id, banked: null }])
    const asked = await bank('0481')
    expect([asked.status, asked.body.approval.shown]).toEqual([
      202,
      { desk: '3 号台', banked: '100.00', slip: '0481' },
    ])
    await approve(asked.body.approval.id)
    expect((await bank('9999')).status).toBe(202)
    for (const _ of ['first', 'again'])
      expect((await bank('0481')).body.till).toMatchObject({
        banked: { amount: '10000', slip: '0481' },
      })
    expect((await bank('9999')).body.code).toBe('CT-58')
    expect((await clerk.get('/till/to-bank')).body.items).toEqual([])
    expect(await journal()).toEqual([
      'D counter-cash / C till-suspense 10000',
      'D reserve / C counter-cash 10000',
    ])
    const logged = (await hall.log()).filter(({ action }) => action === 'till.bank')
    expect(logged).toMatchObject([{ operator: 'staff:0417', after: { amount: '100.00' } }])
  })

  test('cash above the limit needs a reason and a second person', async () => {
    await openTill()
    expect((await cashIn('1000000')).status).toBe(200)
    expect((await cashIn('1000001')).body.code).toBe('CT-32')
    const asked = await cashIn('1000001', { reason: '工资', key: 'large-key-1' })
    expect([asked.status, asked.body.approval.shown.amount]).toEqual([202, '10000.01'])
    expect(balance()).toBe(1_000_000n)
    await approve(asked.body.approval.id)
    expect((await cashIn('1000001', { reason: '工资', key: 'large-key-1' })).status).toBe(200)
    expect(balance()).toBe(2_000_001n)
  })

  test.each(['before', 'after'] as const)(
    'an act that dies %s the wallet has moved holds the till open, and goes on without doubling',
    async (when) => {
      await openTill()
      choosePin()
      await cashIn('50000')
      hall.fakes.around[when] = async () => {
        throw new Error('the process died here')
      }
      expect((await cashOut('20000', {}, 'dying-key-1')).status).toBe(500)
      expect((await clerk.get('/till')).body).toMatchObject({ balance: '306000', held: '20000' })
      expect((await clerk.post('/till/close', { counts: {} })).body.code).toBe('CT-55')
      expect((await cashOut('290000')).body.code).toBe('CT-52')
      hall.fakes.around[when] = async () => {}
      const [begun] = (await clerk.get('/acts?begun=yes')).body.items
      expect(begun).toMatchObject({ kind: 'cash_out', state: 'begun', voucher: null })
      const answers = await Promise.all([
        clerk.post(`/acts/${begun.id}/retry`, {}),
        cashOut('20000', {}, 'dying-key-1'),
      ])
      expect(answers.map((answer) => answer.status)).toEqual([200, 200])
      expect(balance()).toBe(300_00n)
      expect((await clerk.get('/till')).body).toMatchObject({
        balance: '286000',
        held: '0',
        entries: 3,
      })
    },
  )

  test('payouts at once take no more than is in it', async () => {
    await openTill(clerk, { 10000: 3 })
    choosePin()
    const wallet = hall.fakes.wallets.get(msisdn) as { balance: bigint }
    wallet.balance = 100_000n
    const answers = await Promise.all(Array.from({ length: 6 }, () => cashOut('10000')))
    expect(answers.map((answer) => answer.body.code ?? 'done').toSorted()).toEqual([
      ...['CT-52', 'CT-52', 'CT-52', 'done', 'done', 'done'],
    ])
    expect((await clerk.get('/till')).body.balance).toBe('0')
  })
})
