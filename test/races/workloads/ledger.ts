/**
 * The ledger alone: money in rings, so that whoever goes one way round meets those who go the other,
 * and a pending transfer that many would end.
 */
import { randomUUID } from 'node:crypto'
import {
  type AccountRef,
  accountFlags,
  executeTransfers,
  invariant,
  type PlainTransfer,
  type TransferCommand,
  type TransferResult,
} from '../../../server/src/ledger/index.ts'
import { instead, noAccountLock, noAccountLockNoWalls } from '../broken.ts'
import type { Stage } from '../stage.ts'
import type { Workload } from '../workload.ts'

const bucket = 1
const given = 1_000n
const size = 8

const account = (name: string, flags: number = accountFlags.debitsMustNotExceedCredits) =>
  ({ bucket, name, flags }) satisfies AccountRef
const common = () => ({
  id: randomUUID(),
  bucket,
  subject: 'race',
  reason: 'race',
  businessDate: '2026-09-12',
})
const move = (debit: AccountRef, credit: AccountRef, amount: bigint): PlainTransfer => ({
  ...common(),
  kind: 'transfer',
  debit,
  credit,
  amount,
})

/** What one caller's list came to; a list that failed is complained of. */
async function execute(
  stage: Stage,
  n: number,
  commands: readonly TransferCommand[],
): Promise<readonly TransferResult[]> {
  try {
    return await stage.caller(n).transact((tx) => executeTransfers(tx, commands, stage.clock.now()))
  } catch (error) {
    stage.complain(`a list of transfers failed: ${error}`)
    return []
  }
}

const bankTotal = invariant(
  'race_bank_total',
  'What the members have among them is what they were given, in every snapshot.',
  `select format('%s members have %s', count(*), sum(credits_posted - debits_posted)) as example
    from account where name like 'member:%'
    having sum(credits_posted - debits_posted) <> ${given} * count(*)`,
)

export const bank: Workload = {
  name: 'bank',
  proves:
    'transfers in rings, both ways round, keep the total in every snapshot and never deadlock',
  callers: 16,
  attempts: 40_000,
  mutants: [
    noAccountLock,
    noAccountLockNoWalls,
    {
      name: 'no-lock-order',
      lacks: 'the order in which accounts are locked',
      spoil: instead('ledger.lock', 'order by bucket, name collate "C"', 'order by random()'),
    },
  ],
  async open(stage) {
    const members = Array.from({ length: size }, (_, n) => account(`member:${n}`))
    const bankAccount = account('bank', accountFlags.none)
    await stage.db.transact((tx) =>
      executeTransfers(
        tx,
        members.map((member) => move(bankAccount, member, given)),
        stage.clock.now(),
      ),
    )
    const ring = (n: number): TransferCommand[] => {
      const turned = n % 2 === 0 ? members : members.toReversed()
      const shift = stage.random.below(size)
      const order = [...turned.slice(shift), ...turned.slice(0, shift)]
      const length = 2 + stage.random.below(size - 1)
      return order
        .slice(0, length)
        .map((from, i) =>
          move(from, order[(i + 1) % size] ?? from, BigInt(1 + stage.random.below(400))),
        )
    }
    return {
      rules: [bankTotal],
      watched: [bankTotal],
      async round() {
        const lists = Array.from({ length: stage.callers }, (_, n) => ring(n))
        const repeats = stage.repeats()
        const results = await Promise.all(lists.map((list, n) => execute(stage, n, list)))
        if (stage.repeats() > repeats) stage.complain('transfers waited for each other in a circle')
        for (const [n, list] of lists.entries())
          for (const [i, { id }] of list.entries()) {
            const result = results[n]?.[i]
            if (result?.ok) stage.acknowledged.add({ kind: 'transfer', id })
            else if (result && result.refusal !== 'exceeds_credits')
              stage.complain(`a transfer was refused: ${result.refusal}`)
          }
        return lists.flat().length
      },
    }
  },
}

export const holds: Workload = {
  name: 'holds',
  proves: 'a pending transfer that many post, void and expire at once ends once',
  callers: 16,
  attempts: 16_000,
  mutants: [
    noAccountLock,
    noAccountLockNoWalls,
    {
      name: 'no-look',
      lacks: 'the look at how a pending transfer has ended',
      spoil: instead('ledger.find', 'settling.kind as settled_by', 'null::text as settled_by'),
    },
    {
      name: 'no-look-no-wall',
      lacks: 'that look, and the unique index behind it',
      spoil: instead('ledger.find', 'settling.kind as settled_by', 'null::text as settled_by'),
      drops: ['drop index transfer_by_pending'],
    },
  ],
  async open(stage) {
    const payer = account('payer', accountFlags.none)
    const shop = account('shop', accountFlags.none)
    return {
      rules: [],
      async round() {
        const pending: PlainTransfer = { ...move(payer, shop, 10n), kind: 'pending' }
        await stage.db.transact((tx) => executeTransfers(tx, [pending], stage.clock.now()))
        const ends = Array.from({ length: stage.callers }, (_, n): TransferCommand => {
          const end = { ...common(), pendingId: pending.id }
          const kind = (['post', 'void', 'expire'] as const)[n % 3]
          return kind === 'post'
            ? { ...end, kind, amount: BigInt(1 + stage.random.below(10)) }
            : { ...end, kind: kind ?? 'void' }
        })
        const results = await Promise.all(ends.map((end, n) => execute(stage, n, [end])))
        const created = results.flat().filter((result) => result.ok)
        if (created.length !== 1) stage.complain(`${created.length} callers ended one hold`)
        else stage.acknowledged.add({ kind: 'settled', id: pending.id })
        const refusals = new Set(results.flat().flatMap((r) => (r.ok ? [] : [r.refusal])))
        if (refusals.size > 1) stage.complain(`the others heard ${[...refusals].join(' and ')}`)
        return ends.length
      },
    }
  },
}
