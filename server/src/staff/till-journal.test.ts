/** Shifts whose cash stands in a real ledger: differences in suspense, cash to the bank, and what verify finds. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Engine, engines, type TestDatabase, testDatabase } from '../../../test/database.ts'
import { sealHead } from '../audit/index.ts'
import {
  createBusinessTime,
  createFieldCipher,
  createIds,
  manualClock,
  Secret,
} from '../kernel/index.ts'
import { counterCash, executeTransfers, reasons, userBalance } from '../ledger/index.ts'
import {
  createStaff,
  type Person,
  type Staff,
  staffInvariants,
  tillLedgerInvariants,
} from './index.ts'

const ids = createIds()
const cipher = createFieldCipher(new Secret('a field key for tests, 32 characters or more'), ids)
const time = createBusinessTime('Asia/Shanghai')
const clock = manualClock(Date.UTC(2026, 10, 23, 6))
const voucher = { title: { zh: '存', en: 'in' }, lines: [], note: null, signature: null }

describe.each(engines)('on %s', (engine: Engine) => {
  let made: TestDatabase
  let staff: Staff
  let clerk: Person
  let boss: Person
  beforeAll(async () => {
    made = await testDatabase({ engine })
    await sealHead(made.db, cipher)
    staff = createStaff({ db: made.db, ids, cipher, time, clock, passwordCost: 4 })
    clerk = await hire('0417', 'clerk')
    boss = await hire('0901', 'supervisor')
  })
  afterAll(() => made?.close())

  async function hire(login: string, role: 'clerk' | 'supervisor'): Promise<Person> {
    const done = await staff.people.add(
      { login, name: login, office: '滨江路厅', roles: [role] },
      'x',
    )
    if (!done.ok) throw new Error(done.refusal)
    return done.value.person
  }
  async function complaints(): Promise<string[]> {
    const found: string[] = []
    for (const { name, check } of [...staffInvariants, ...tillLedgerInvariants])
      if ((await check(made.db)).offences > 0n) found.push(name)
    return found
  }
  const agree = async () => {
    const [asked] = await staff.approvals.waiting(made.db, boss)
    if (!asked) throw new Error('nobody asks')
    await staff.approvals.decide(asked.id, 'approve', { by: boss })
  }
  /** An act with cash, in the till and in the ledger of one bucket. */
  let acts = 0
  async function cash(bucket: number, kind: 'cash_in' | 'cash_out', amount: bigint) {
    acts += 1
    const msisdn = '+8613900010001'
    const key = `journal-${engine}-${acts}`
    const begun = await staff.acts.begin(clerk, {
      ...{ key, kind, amount, msisdn, contentMac: cipher.mac('x', key), shown: {} },
      ...{ secondPerson: false, reason: null, plan: null },
    })
    if (!begun.ok || begun.value.state === 'waits') throw new Error('not begun')
    const { id, till } = begun.value.act
    const [drawer, wallet] = [counterCash(bucket, till ?? ''), userBalance(bucket, `w${bucket}`)]
    const [debit, credit] = kind === 'cash_in' ? [drawer, wallet] : [wallet, drawer]
    const now = clock.now()
    const reason = kind === 'cash_in' ? reasons.cashIn : reasons.cashOut
    await made.db.transact(async (tx) => {
      const transfer = { id: ids.next(bucket, now), bucket, subject: id, reason, debit, credit }
      const businessDate = time.dateOf(now)
      const [done] = await executeTransfers(
        tx,
        [{ ...transfer, kind: 'transfer', amount, businessDate }],
        now,
      )
      if (!done?.ok) throw new Error(done?.refusal)
    })
    await staff.acts.end(id, clerk, async () => ({ state: 'done', voucher }))
  }
  async function shift(counted: Record<string, number>, work: () => Promise<void>) {
    const opened = await staff.tills.open(clerk, { desk: '3', counts: { 10000: 5 } })
    if (!opened.ok) throw new Error(opened.refusal)
    await work()
    const close = () => staff.tills.close(clerk, { counts: counted, reason: '点钞' })
    let closed = await close()
    if (closed.ok && closed.value.state === 'waits') {
      await agree()
      closed = await close()
    }
    expect(closed).toMatchObject({ ok: true, value: { state: 'closed' } })
    return opened.value.id
  }
  async function bank(till: string, slip: string) {
    expect(await staff.tills.bank(clerk, { till, slip })).toMatchObject({
      value: { state: 'waits' },
    })
    await agree()
    return staff.tills.bank(clerk, { till, slip })
  }
  /** Over all buckets, debits less credits. */
  const balances = async () =>
    Object.fromEntries(
      (
        await made.db.query<{ name: string; sum: bigint }>(
          `select name, sum(debits_posted - credits_posted)::int8 as sum from account group by name`,
        )
      ).map(({ name, sum }) => [name, sum]),
    )

  test('what is short stands in suspense, and the rest goes to the bank from every bucket', async () => {
    const till = await shift({ 10000: 9, 5000: 1 }, async () => {
      await cash(3, 'cash_in', 300_00n)
      await cash(41, 'cash_in', 250_00n)
      await cash(3, 'cash_out', 90_00n)
    })
    expect(await balances()).toMatchObject({
      [`counter-cash:${till}`]: 450_00n,
      [`till-suspense:${till}`]: 10_00n,
    })
    expect(await bank(till, 'JX-1')).toMatchObject({ ok: true, value: { state: 'banked' } })
    expect(await balances()).toMatchObject({ [`counter-cash:${till}`]: 0n, reserve: 450_00n })
    expect(await complaints()).toEqual([])
  })

  test('a till that paid out more than it took gets its float back from the bank', async () => {
    const till = await shift({ 10000: 3 }, () => cash(41, 'cash_out', 200_00n))
    await bank(till, 'JX-2')
    expect(await balances()).toMatchObject({ [`counter-cash:${till}`]: 0n, reserve: 250_00n })
    const [seen] = await staff.tills.ofOffice(made.db, '滨江路厅')
    expect(seen?.banking).toMatchObject({ amount: -200_00n, slip: 'JX-2' })
    expect(await complaints()).toEqual([])
  })

  test('at once it is banked once; a till whose cash is all float has nothing to bring', async () => {
    const till = await shift({ 10000: 6 }, () => cash(7, 'cash_in', 100_00n))
    const first = await staff.tills.bank(clerk, { till, slip: 'JX-3' })
    expect(first).toMatchObject({ value: { state: 'waits' } })
    await agree()
    const all = await Promise.all(
      Array.from({ length: 4 }, () => staff.tills.bank(clerk, { till, slip: 'JX-3' })),
    )
    expect(all.every(({ ok }) => ok)).toBe(true)
    expect(await balances()).toMatchObject({ reserve: 350_00n })
    const same = await shift({ 10000: 5 }, async () => {})
    expect(await staff.tills.bank(clerk, { till: same, slip: 'JX-4' })).toMatchObject({
      refusal: 'till_not_to_be_banked',
    })
    expect(await staff.tills.toBank(made.db, clerk.id)).toEqual([])
    expect(await complaints()).toEqual([])
  })

  test.each([
    [
      'shifts_add_up',
      `update staff_till set closing_counts = '{"10000": 4}' where difference <> 0`,
    ],
    ['cash_is_banked_once_and_whole', `update staff_till_banking set amount = amount + 1`],
    ['tills_equal_the_ledger', `delete from staff_till_banking`],
    [
      'till_differences_are_in_suspense',
      `update account set debits_posted = debits_posted + 1 where name like 'till-suspense:%'`,
    ],
  ])('%s is found when it is broken', async (name, breaking) => {
    await made.db
      .transact(async (tx) => {
        await tx.query(breaking)
        const rules = [...staffInvariants, ...tillLedgerInvariants]
        const rule = rules.find((one) => one.name === name)
        expect((await rule?.check(tx))?.offences).toBeGreaterThan(0n)
        throw new Error('undo')
      })
      .catch((error: Error) => expect(error.message).toBe('undo'))
    expect(await complaints()).toEqual([])
  })
})
