/**
 * The open book of one batch: what was loaded, what has been decided so far, and what must be written. The
 * second command sees what the first one changed, balances too, so that a batch equals its commands one by
 * one. Nothing here reads a clock or a row.
 */
import type { NewJob } from '../db/index.ts'
import {
  type Amount,
  assert,
  type BusinessDate,
  type BusinessTime,
  type Msisdn,
} from '../kernel/index.ts'
import { type PlainTransfer, type TransferCommand, userBalance } from '../ledger/index.ts'
import { topics as paymentTopics } from '../payments/index.ts'
import { openCounting, type Policy } from '../risk/index.ts'
import type { Subscriber } from '../subscribers/index.ts'
import { type Account, nextOfAccount } from './account.ts'
import type { HistoryEvent } from './history-store.ts'
import { isUnfinished, type Movement, next } from './movement.ts'
import { type WalletNotice, type WalletOutgoing, walletService } from './notice.ts'
import type { BoundCard, Due, Owner } from './ports.ts'
import type { KeptAccount, KeptMovement } from './rows.ts'

export interface Facts {
  readonly now: number
  readonly policy: Policy
  readonly time: BusinessTime
  /** The first date on which something can still be posted. */
  readonly firstOpenDate: BusinessDate
  readonly subscribers: ReadonlyMap<Msisdn, Subscriber>
  readonly owners: ReadonlyMap<Msisdn, Owner>
  readonly cards: ReadonlyMap<string, BoundCard>
  /** By credit card, of its newest bill. */
  readonly dues: ReadonlyMap<string, Due>
  readonly accounts: readonly KeptAccount[]
  /** Those the commands name, by id or by key, and of wallets that close all that are open. */
  readonly movements: readonly KeptMovement[]
  /** Of wallets that close, those to which money may still come back. */
  readonly tied: ReadonlySet<string>
  /** By counter: what was used of the limits that count what is sent. */
  readonly used: ReadonlyMap<string, Amount>
  /** By wallet that withdraws: on the same day, ever before. */
  readonly withdrawn: ReadonlyMap<string, Amount>
  /** By wallet, locked: what can be spent. */
  readonly balances: ReadonlyMap<string, Amount>
  readonly newId: (bucket: number) => string
}

type AccountChange = Partial<Pick<Account, 'state' | 'closedAt' | 'releasedAt'>>
type MovementChange = Partial<
  Pick<
    KeptMovement,
    | 'state'
    | 'reason'
    | 'bankCode'
    | 'sealedPin'
    | 'sealedPayee'
    | 'unknownSince'
    | 'endedAt'
    | 'businessDate'
  >
>

export type Book = ReturnType<typeof openBook>

export function openBook(facts: Facts) {
  const accounts = new Map(facts.accounts.map((account) => [account.id, account]))
  const movements = new Map(facts.movements.map((movement) => [movement.id, movement]))
  const byKey = new Map(facts.movements.map((movement) => [keyName(movement), movement.id]))
  const balances = new Map(facts.balances)
  const dues = new Map(facts.dues)
  const withdrawn = new Map(facts.withdrawn)
  const made = new Set<string>()
  const changed = new Set<string>()
  const effects = {
    transfers: [] as TransferCommand[],
    events: [] as HistoryEvent[],
    jobs: [] as NewJob[],
    armed: new Map<string, NewJob>(),
    cancelled: new Map<string, { bucket: number; topic: string; subject: string }>(),
  }

  /** Each event says the state it led to, so that the history alone proves which edges were taken. */
  function record(row: KeptAccount | KeptMovement, type: string) {
    const { bucket, id: subject, version: seq, state } = row
    effects.events.push({ bucket, subject, seq, type, state, at: facts.now })
  }

  function balanceOf(walletId: string): Amount {
    const balance = balances.get(walletId)
    assert(balance !== undefined, `the balance of wallet ${walletId} was loaded`)
    return balance
  }

  /** A hold on the way in does not count; there are none on the way out. */
  function weigh(walletId: string, bucket: number, transfer: PlainTransfer) {
    const { name } = userBalance(bucket, walletId)
    if (transfer.debit.name === name) balances.set(walletId, balanceOf(walletId) - transfer.amount)
    if (transfer.credit.name === name && transfer.kind === 'transfer')
      balances.set(walletId, balanceOf(walletId) + transfer.amount)
  }

  /** What a repayment reserves of its bill, and a withdrawal of what is free; or gives back. */
  function reserve({ kind, speed, walletId, cardId, amount }: Movement, way: 1n | -1n) {
    if (kind === 'withdrawal' && speed === 'same_day')
      withdrawn.set(walletId, (withdrawn.get(walletId) ?? 0n) + way * amount)
    const due = kind === 'repayment' ? dues.get(cardId ?? '') : undefined
    if (due && cardId !== null) dues.set(cardId, { ...due, left: due.left - way * amount })
  }

  return {
    ...facts,
    ...openCounting(facts.used),
    effects,
    account: (id: string) => accounts.get(id),
    accountOf: (msisdn: Msisdn) =>
      [...accounts.values()].find(
        (one) => one.msisdn === msisdn && one.state !== 'closed' && one.releasedAt === null,
      ),
    movement: (id: string) => movements.get(id),
    byKey: (msisdn: Msisdn, key: string) =>
      movements.get(byKey.get(keyName({ msisdn, key })) ?? ''),
    openOf: (walletId: string) =>
      [...movements.values()].filter((one) => one.walletId === walletId && isUnfinished(one)),
    balanceOf,
    available: balanceOf,
    due: (cardId: string) => dues.get(cardId),
    withdrawnOf: (walletId: string) => withdrawn.get(walletId) ?? 0n,
    changeAccount(id: string, patch: AccountChange, type: string): KeptAccount {
      const before = accounts.get(id)
      assert(before, `wallet ${id} is in the book`)
      const to = patch.state ?? before.state
      assert(
        to === before.state || nextOfAccount[before.state].includes(to),
        `no edge from ${before.state} to ${to}`,
      )
      const after = { ...before, ...patch, version: before.version + 1 }
      accounts.set(id, after)
      changed.add(id)
      record(after, type)
      return after
    },
    create(row: KeptMovement): KeptMovement {
      movements.set(row.id, row)
      byKey.set(keyName(row), row.id)
      made.add(row.id)
      reserve(row, 1n)
      record(row, row.kind)
      return row
    },
    /** Takes an edge of the diagram, or notes something without one. */
    change(id: string, patch: MovementChange, type: string): KeptMovement {
      const before = movements.get(id)
      assert(before, `movement ${id} is in the book`)
      const to = patch.state ?? before.state
      assert(
        to === before.state || next[before.kind][before.state]?.includes(to),
        `no edge from ${before.state} to ${to}`,
      )
      const after = { ...before, ...patch, version: before.version + 1 }
      movements.set(id, after)
      if (!made.has(id)) changed.add(id)
      if (to !== before.state && (to === 'refused' || to === 'returned')) reserve(after, -1n)
      record(after, type)
      return after
    },
    /** Moves money now; several together are done or refused together. */
    post(movement: Movement, transfers: readonly PlainTransfer[]) {
      for (const [i, transfer] of transfers.entries()) {
        const linked = i < transfers.length - 1
        effects.transfers.push(linked ? { ...transfer, linked } : transfer)
        weigh(movement.walletId, movement.bucket, transfer)
      }
    },
    /** Ends the hold of a top-up: in the balance, or gone. */
    settle(movement: Movement, kind: 'post' | 'void', transfer: Omit<PlainTransfer, 'kind'>) {
      const { debit, credit, amount, ...rest } = transfer
      effects.transfers.push({ ...rest, kind, pendingId: movement.id })
      if (kind === 'post') balances.set(movement.walletId, balanceOf(movement.walletId) + amount)
    },
    arm(job: NewJob) {
      effects.cancelled.delete(jobName(job))
      effects.armed.set(jobName(job), job)
    },
    disarm(key: { bucket: number; topic: string; subject: string }) {
      effects.armed.delete(jobName(key))
      effects.cancelled.set(jobName(key), key)
    },
    /** Tells the owner, unless the number is somebody else's by now. */
    tell({ bucket, msisdn, releasedAt }: Account, notice: WalletNotice) {
      if (releasedAt !== null) return
      const language = facts.subscribers.get(msisdn)?.language ?? 'zh'
      const payload: WalletOutgoing = {
        ...{ to: msisdn, from: walletService, language, notice, paymentId: null },
      }
      const subject = facts.newId(bucket)
      effects.jobs.push({ bucket, topic: paymentTopics.sms, subject, dueAt: facts.now, payload })
    },
    /** What `commands.ts` writes. */
    writes: () => ({
      accounts: { made: [], changed: [...accounts.values()].filter(({ id }) => changed.has(id)) },
      movements: {
        made: [...movements.values()].filter(({ id }) => made.has(id)),
        changed: [...movements.values()].filter(({ id }) => changed.has(id)),
      },
    }),
  }
}

const keyName = ({ msisdn, key }: Pick<Movement, 'msisdn' | 'key'>) => `${msisdn}|${key}`
const jobName = ({ topic, subject }: Pick<NewJob, 'topic' | 'subject'>) => `${topic}|${subject}`
