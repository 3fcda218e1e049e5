import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bothEngines, type TestDatabase, testDatabase } from '../../../test/database.ts'
import { executeTransfers, type TransferCommand, watchAccount } from './index.ts'

describe.each(bothEngines)('following a balance (%s)', (engine) => {
  let made: TestDatabase
  beforeAll(async () => {
    made = await testDatabase({ engine })
  })
  afterAll(() => made.close())

  let transfers = 0
  function move(from: string, to: string): TransferCommand {
    transfers += 1
    return {
      id: `00000000-0000-7000-8000-${String(transfers).padStart(12, '0')}`,
      ...{ kind: 'transfer', bucket: 0, amount: 1n, linked: false, businessDate: '2026-11-23' },
      ...{ subject: '00000000-0000-7000-8000-000000000000', reason: 'wallet_cash_in' },
      debit: { bucket: 0, name: from, flags: 0 },
      credit: { bucket: 0, name: to, flags: 0 },
    }
  }
  const post = (...commands: TransferCommand[]) =>
    made.db.transact((tx) => executeTransfers(tx, commands, 1_000))

  test('whoever follows an account hears of it once a commit, and only then', async () => {
    const heard: string[] = []
    const stopA = watchAccount(made.db, 'a', () => heard.push('a'))
    watchAccount(made.db, 'b', () => heard.push('b'))
    watchAccount(made.db, 'c', () => heard.push('c'))
    expect((await post(move('a', 'b'), move('a', 'b'))).every(({ ok }) => ok)).toBe(true)
    expect(heard.toSorted()).toEqual(['a', 'b'])
    stopA()
    stopA()
    await post(move('a', 'c'))
    expect(heard.toSorted()).toEqual(['a', 'b', 'c'])
    const undo = new Error('undo')
    const undone = made.db.transact(async (tx) => {
      await executeTransfers(tx, [move('a', 'b')], 1_000)
      throw undo
    })
    await expect(undone).rejects.toBe(undo)
    expect(heard).toHaveLength(3)
  })
})
