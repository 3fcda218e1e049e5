import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bothEngines, type TestDatabase, testDatabase } from '../../../test/database.ts'
import type { Database, Tx } from '../db/index.ts'
import { checkLedger, executeTransfers, ledgerInvariants, type TransferCommand } from './index.ts'
import { ledgerIsSound } from './quick-verify.ts'

const uuid = (n: number) => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`
const common = { bucket: 1, subject: 's', reason: 'charge', businessDate: '2026-11-23' }
const account = (name: string, flags = 0) => ({ bucket: 1, name, flags })
const asset = account('asset', 2)
const purse = account('purse', 1)
const sides = (amount: bigint) => ({ debit: asset, credit: purse, amount })

/** 1 plain; 2 posted in part; 3 voided; 4 open; 5 back again. Each at a time of its own. */
const history: TransferCommand[] = [
  { ...common, ...sides(100n), kind: 'transfer', id: uuid(1) },
  { ...common, ...sides(40n), kind: 'pending', id: uuid(2) },
  { ...common, kind: 'post', id: uuid(12), pendingId: uuid(2), amount: 30n },
  { ...common, ...sides(20n), kind: 'pending', id: uuid(3) },
  { ...common, kind: 'void', id: uuid(13), pendingId: uuid(3) },
  { ...common, ...sides(7n), kind: 'pending', id: uuid(4) },
  { ...common, kind: 'transfer', id: uuid(5), debit: purse, credit: asset, amount: 60n },
]

/** Rows changed by hand, constraints out of the way, and the invariant that must notice. */
const tampered: readonly [name: string, statements: string[], noticedBy: string][] = [
  [
    'money appears on one account',
    [`update account set credits_posted = credits_posted + 1 where name = 'purse'`],
    'ledger_debits_equal_credits',
  ],
  [
    'money appears on both sides',
    [
      `update account set debits_posted = debits_posted + 5 where name = 'asset'`,
      `update account set credits_posted = credits_posted + 5 where name = 'purse'`,
    ],
    'ledger_balances_equal_their_transfers',
  ],
  [
    'money appears on both sides of the last transfer too',
    [
      `update account set debits_posted = debits_posted + 5 where name = 'asset'`,
      `update account set credits_posted = credits_posted + 5 where name = 'purse'`,
      `update transfer set debit_credits_posted = debit_credits_posted + 5,
        credit_debits_posted = credit_debits_posted + 5 where id = '${uuid(5)}'`,
    ],
    'ledger_history_is_a_chain',
  ],
  [
    'an amount is changed',
    [`update transfer set amount = 99 where id = '${uuid(1)}'`],
    'ledger_balances_equal_their_transfers',
  ],
  [
    'an amount is negative',
    [
      'alter table transfer drop constraint transfer_amount_check',
      `update transfer set amount = -100 where id = '${uuid(1)}'`,
    ],
    'ledger_transfers_are_sound',
  ],
  [
    'a transfer names an account that is not there',
    [`update transfer set debit_account = 'nobody' where id = '${uuid(1)}'`],
    'ledger_transfers_are_sound',
  ],
  [
    'a transfer is deleted',
    [`delete from transfer where id = '${uuid(1)}'`],
    'ledger_history_has_no_gap',
  ],
  [
    'the last transfer is deleted and the balances are put right',
    [
      `delete from transfer where id = '${uuid(5)}'`,
      `update account set credits_posted = credits_posted - 60 where name = 'asset'`,
      `update account set debits_posted = debits_posted - 60 where name = 'purse'`,
    ],
    'ledger_history_has_no_gap',
  ],
  [
    'balances after a transfer are changed',
    [
      `update transfer set credit_credits_posted = credit_credits_posted + 1
      where id = '${uuid(2)}'`,
    ],
    'ledger_history_is_a_chain',
  ],
  [
    'a time is changed',
    [`update transfer set created_at = 1 where id = '${uuid(13)}'`],
    'ledger_history_runs_forward',
  ],
  [
    'the time of an account is changed',
    [`update account set changed_at = 1`],
    'ledger_history_runs_forward',
  ],
  [
    'an account is below its floor',
    [
      'alter table account drop constraint debits_must_not_exceed_credits',
      `update account set debits_posted = credits_posted + 1 where name = 'purse'`,
    ],
    'ledger_flags_are_respected',
  ],
  [
    'an account was below its floor',
    [`update transfer set debit_debits_posted = debit_credits_posted + 1 where id = '${uuid(5)}'`],
    'ledger_flags_are_respected',
  ],
  [
    'a pending transfer is settled twice',
    [
      'drop index transfer_by_pending',
      `update transfer set pending_id = '${uuid(2)}' where id = '${uuid(13)}'`,
    ],
    'ledger_pendings_settle_once',
  ],
  [
    'a post points nowhere',
    [`update transfer set pending_id = '${uuid(77)}' where id = '${uuid(12)}'`],
    'ledger_pendings_settle_once',
  ],
  [
    'a post is of more than was pending',
    [`update transfer set amount = 41 where id = '${uuid(12)}'`],
    'ledger_pendings_settle_once',
  ],
  [
    'a void gives back less than was pending',
    [`update transfer set amount = 19 where id = '${uuid(13)}'`],
    'ledger_pendings_settle_once',
  ],
  [
    'a hold is forgotten',
    [
      `update account set debits_pending = 0 where name = 'asset'`,
      `update account set credits_pending = 0 where name = 'purse'`,
    ],
    'ledger_holds_are_open',
  ],
]

describe.each(bothEngines)('on %s', (engine) => {
  let made: TestDatabase
  let db: Database
  beforeAll(async () => {
    made = await testDatabase({ engine })
    db = made.db
    for (const [n, command] of history.entries()) {
      const [result] = await db.transact((tx) => executeTransfers(tx, [command], 1_000 + n))
      expect(result).toEqual({ ok: true, value: 'created' })
    }
  })
  afterAll(() => made?.close())

  /** Runs `work` and takes back what it did. */
  async function undone<Value>(work: (tx: Tx) => Promise<Value>): Promise<Value> {
    const values: Value[] = []
    const enough = new Error('enough seen')
    await db
      .transact(async (tx) => {
        values.push(await work(tx))
        throw enough
      })
      .catch((error: unknown) => {
        if (error !== enough) throw error
      })
    return values[0] as Value
  }

  test.each(ledgerInvariants)('$name holds on sound books', async ({ check }) => {
    expect(await check(db)).toEqual({ offences: 0n, examples: [] })
  })

  test.each(tampered)('%s: %s', async (_, statements, noticedBy) => {
    const invariant = ledgerInvariants.find(({ name }) => name === noticedBy)
    const found = await undone(async (tx) => {
      for (const statement of statements) await tx.query(statement)
      return invariant?.check(tx)
    })
    expect(found?.offences).toBeGreaterThan(0n)
    expect(found?.examples[0]).toMatch(/bucket 1/)
  })

  test('on sound books no rule has to be asked by itself', async () => {
    expect(await undone((tx) => ledgerIsSound(tx))).toBe(true)
    expect((await checkLedger(db)).map(({ invariant, offences }) => [invariant, offences])).toEqual(
      ledgerInvariants.map((invariant) => [invariant, 0n]),
    )
  })

  test.each(tampered)('%s: the books as a whole are not sound', async (_, statements) => {
    const isSound = await undone(async (tx) => {
      for (const statement of statements) await tx.query(statement)
      return ledgerIsSound(tx)
    })
    expect(isSound).toBe(false)
  })

  test('every invariant is shown to bite', () => {
    const noticed = new Set(tampered.map(([, , name]) => name))
    expect(ledgerInvariants.map(({ name }) => name).filter((name) => !noticed.has(name))).toEqual(
      [],
    )
  })

  test('each broken rule is named when the books are not sound', async () => {
    await db.transact((tx) => tx.query('update account set changed_at = changed_at + 1'))
    const findings = await checkLedger(db)
    await db.transact((tx) => tx.query('update account set changed_at = changed_at - 1'))
    expect(findings.filter(({ offences }) => offences > 0n)).toEqual([
      {
        invariant: ledgerInvariants.find(({ name }) => name === 'ledger_history_runs_forward'),
        offences: 2n,
        examples: [expect.stringMatching(/bucket 1/), expect.stringMatching(/bucket 1/)],
      },
    ])
  })

  test('at most five examples are given, and all offences counted', async () => {
    const found = await undone(async (tx) => {
      await tx.query('update transfer set amount = amount + 1000')
      return ledgerInvariants.find(({ name }) => name === 'ledger_history_is_a_chain')?.check(tx)
    })
    expect(found?.offences).toBe(14n)
    expect(found?.examples).toHaveLength(5)
  })
})
