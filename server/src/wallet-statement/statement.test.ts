/** The statement of a wallet: every line that changed the balance, with the ledger's own balance after it. */
import { inflateSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { engines } from '../../../test/database.ts'
import { createStage, type Stage } from '../../../test/transfers/stage.ts'
import { alice, bob, createWorld, type World } from '../../../test/world.ts'
import { createWalletStatements, type Line, type WalletStatements } from './index.ts'

describe.each(engines)('on %s', (engine) => {
  let world: World
  let people: Stage
  let statements: WalletStatements
  let mine: string
  let theirs: string
  let begun: number

  beforeAll(async () => {
    world = await createWorld({ engine })
    const { db, clock, time } = world
    begun = clock.now()
    people = await createStage({ db, clock })
    statements = createWalletStatements({ db, clock, time })
    const me = await people.customer(alice, 500_00n)
    mine = me.walletId
    theirs = (await people.customer(bob)).walletId
    const step = () => clock.advance(1_000)
    const common = { msisdn: alice, channel: 'api' } as const
    step()
    await people.wallet.topUp({ ...common, cardId: me.card, amount: 100_00n, key: 'up' })
    await people.wallets.settle()
    step()
    const bought = await world.payments.order({
      ...{ ...common, merchantId: '6021', what: { product: '100' } },
      ...{ consent: 'device', flow: 'charge', source: 'wallet' },
    })
    step()
    if (bought.ok) {
      const order = { msisdn: alice, paymentId: bought.value.payment.id, reason: 'broken' }
      await world.payments.refund({ ...order, amount: 4_00n })
    }
    step()
    const send = { msisdn: alice, channel: 'api', to: bob, arrival: 'now' } as const
    await people.transfers.send({ ...send, amount: 30_00n, memo: '=HYPERLINK("x")', key: 'a' })
    step()
    const later = await people.transfers.send({ ...send, arrival: '24h', amount: 7_00n, key: 'b' })
    step()
    if (later.ok) {
      const transferId = later.value.transfer.id
      await people.transfers.cancel({ msisdn: alice, transferId })
    }
    step()
    const out = { ...common, cardId: me.card, amount: 50_00n, speed: 'same_day' } as const
    await people.wallet.withdraw({ ...out, key: 'out' })
  })
  afterAll(async () => {
    await people?.close()
    await world?.close()
  })

  const shown = ({ kind, way, amount, balance }: Line) => `${kind} ${way} ${amount} ${balance}`
  const all = () => statements.lines({ walletId: mine, limit: 100 })

  test('each change once, newest first, and each balance follows from the one before', async () => {
    const lines = await all()
    expect(lines.map(shown)).toEqual([
      'withdrawal_fee out 10 51390',
      'withdrawal out 5000 51400',
      'transfer_back in 700 56400',
      'transfer_hold out 700 55700',
      'transfer out 3000 56400',
      'refund in 400 59400',
      'payment out 1000 59000',
      'top_up in 10000 60000',
      'cash_in in 50000 50000',
    ])
    let balance = 0n
    for (const line of lines.toReversed()) {
      balance += line.way === 'in' ? line.amount : -line.amount
      expect(line.balance).toBe(balance)
    }
    expect(balance).toBe(await people.available(alice))
  })

  test('who was on the other side, for both sides of a transfer', async () => {
    const lines = await all()
    const other = (kind: string) => lines.find((line) => line.kind === kind)?.counterparty
    expect(other('payment')).toMatchObject({ kind: 'merchant', goods: { zh: '点卡10元' } })
    expect(other('refund')).toMatchObject({ kind: 'merchant' })
    expect(other('top_up')).toEqual({
      ...{ kind: 'card', bank: 'ABC', last4: '1234', payee: null },
    })
    expect(other('cash_in')).toEqual({ kind: 'till', till: 't1' })
    expect(other('transfer')).toEqual({ kind: 'number', msisdn: bob })
    const [got, ...more] = await statements.lines({ walletId: theirs, limit: 100 })
    expect(more).toEqual([])
    expect(got).toMatchObject({ way: 'in', amount: 30_00n, balance: 30_00n })
    expect(got?.counterparty).toEqual({ kind: 'number', msisdn: alice })
  })

  test('page by page it is the same list', async () => {
    const paged: Line[] = []
    for (let before: bigint | undefined; paged.length < 20; before = paged.at(-1)?.no) {
      const page = { walletId: mine, limit: 2, ...(before !== undefined && { before }) }
      const lines = await statements.lines(page)
      if (lines.length === 0) break
      paged.push(...lines)
    }
    expect(paged).toEqual(await all())
  })

  test('by kind, by time, by what is written in it, whatever that is', async () => {
    const found = async (more: object) =>
      (await statements.lines({ walletId: mine, limit: 100, ...more })).map(({ kind }) => kind)
    expect(await found({ kinds: ['top_up', 'cash_in'] })).toEqual(['top_up', 'cash_in'])
    expect(await found({ from: begun + 1_000, to: begun + 3_000 })).toEqual(['payment', 'top_up'])
    expect(await found({ text: 'hyperLINK' })).toEqual(['transfer'])
    expect(await found({ text: '点卡' })).toEqual(['refund', 'payment'])
    expect(await found({ text: '0009' })).toContain('transfer')
    for (const nothing of ['%', "'; drop", '\\']) expect(await found({ text: nothing })).toEqual([])
  })

  test('a receipt is of one’s own wallet only', async () => {
    const [line] = await all()
    expect(await statements.line(mine, line?.id ?? '')).toEqual(line)
    expect(await statements.line(theirs, line?.id ?? '')).toBeUndefined()
    expect(await statements.line(mine, 'nonsense')).toBeUndefined()
    expect(await statements.lines({ walletId: 'nonsense', limit: 1 })).toEqual([])
  })

  test('as a file: no cell of others is a formula, no number is told, the same bytes each time', async () => {
    const span = { walletId: mine, from: begun, to: begun + 60_000, language: 'zh' } as const
    const csv = await statements.csv(span)
    expect(csv.startsWith('\u{feff}"时间"')).toBe(true)
    expect(csv.split('\r\n')).toHaveLength(11)
    expect(csv).toContain('"-30.00"')
    expect(csv).toContain(`"'=HYPERLINK(""x"")"`)
    expect(csv).toContain('139****0009')
    expect(csv).not.toContain(bob.slice(3))
    const pdf = await statements.pdf(span)
    expect(Buffer.from(pdf).subarray(0, 5).toString()).toBe('%PDF-')
    expect(Buffer.from(await statements.pdf(span))).toEqual(Buffer.from(pdf))
  })

  test('a file has what the list has, and says what it was narrowed to and that it was cut', async () => {
    const { db, clock, time } = world
    const small = createWalletStatements({ db, clock, time, linesMax: 2 })
    const span = { walletId: mine, from: begun, to: begun + 60_000, language: 'zh' } as const
    const rowsOf = (csv: string) => csv.trimEnd().split('\r\n').slice(1)
    expect(rowsOf(await small.csv({ ...span, text: '点卡' }))).toHaveLength(2)
    expect(rowsOf(await small.csv({ ...span, kinds: ['top_up'], text: '点卡' }))).toEqual([])
    const cut = rowsOf(await small.csv(span))
    expect(cut).toHaveLength(3)
    expect(cut[2]).toBe('"仅列出最近2笔，更早的未列出；请缩短时间范围。","","","","","",""')
    expect(await statements.csv(span)).not.toContain('仅列出')
    // Signs that stand nowhere else in the file: 缩 of the cut, 含 of the filter.
    const signs = async (from: WalletStatements, more: object) => {
      const pdf = signsIn(await from.pdf({ ...span, ...more }))
      return [pdf.has('缩'), pdf.has('含')]
    }
    expect(await signs(statements, {})).toEqual([false, false])
    expect(await signs(small, {})).toEqual([true, false])
    expect(await signs(small, { kinds: ['payment', 'refund'] })).toEqual([false, true])
  })
})

/** What the fonts of a PDF say that their glyphs mean (ISO 32000-1 §9.10.3). */
function signsIn(pdf: Uint8Array): Set<string> {
  const maps = Buffer.from(pdf)
    .toString('latin1')
    .split('stream\n')
    .flatMap((part) => {
      try {
        return inflateSync(Buffer.from(part, 'latin1')).toString('latin1')
      } catch {
        return []
      }
    })
    .filter((text) => text.includes('beginbfrange'))
  const codes = maps.flatMap((map) => map.match(/<[0-9a-f]{4}>/gi) ?? [])
  return new Set(codes.map((code) => String.fromCodePoint(Number.parseInt(code.slice(1, 5), 16))))
}
