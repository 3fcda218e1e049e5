/**
 * Puts the wallet's lane together: requests of concurrent callers are coalesced into batches, each batch is
 * one transaction, and what it leaves to do at banks is done by workers that take it from the job table.
 */
import { armJobs, createCoalescer, type Database, type Log, type Worker } from '../db/index.ts'
import {
  accept,
  assert,
  bucketOf,
  bucketOfId,
  type Clock,
  type Ids,
  type Msisdn,
  type Result,
  refuse,
  type Secret,
} from '../kernel/index.ts'
import { type KeyStore, openSecret, sealSecret } from '../keys/index.ts'
import { balancesAt, spendable, userBalance } from '../ledger/index.ts'
import { createWaiting } from '../payments/index.ts'
import type { Command, CommandResult } from './command.ts'
import { runBatch } from './commands.ts'
import type { BankOutcome } from './decide/answer.ts'
import { refused } from './decide/checks.ts'
import { withdrawalFee } from './fee.ts'
import { openAccount, releaseAccount } from './lifecycle.ts'
import type { BatchContext } from './load.ts'
import { isUnfinished, type Movement } from './movement.ts'
import type { WalletOperations } from './ports.ts'
import { restrictAccount } from './restrict.ts'
import type { KeptAccount, KeptMovement } from './rows.ts'
import { readSources, saveSources } from './setting-store.ts'
import { isOrder } from './sources.ts'
import {
  accountsByIds,
  accountsOf,
  listMovements,
  movementsByIds,
  openMovements,
  unknownMovements,
} from './store.ts'
import { topics } from './topics.ts'
import type { Balance, Cash, MoveResult, ResolveRefusal, Wallet } from './wallet.ts'
import { readWithdrawn } from './withdrawn-store.ts'
import { createWorkers, type Lane } from './workers.ts'

export interface WalletOptions {
  readonly db: Database
  readonly clock: Clock
  readonly ids: Ids
  readonly context: Omit<BatchContext, 'ids'>
  readonly operations: WalletOperations
  /** Seals what a bank's own PIN is from the request until the bank is asked. */
  readonly keys: Pick<KeyStore, 'seal' | 'open'>
  /** Brings the policy up to date before each batch; cheap when it is. */
  readonly refresh: () => Promise<unknown>
  readonly log: Log
}

export interface WalletModule extends Wallet {
  /** Starts the workers that go to banks. */
  start(): void
  /** Works off one round of what is due, where `start` is not called: tests, simulation. */
  work(): Promise<number>
  /** Stops taking requests, finishes the batch and the trips under way. */
  stop(): Promise<void>
  /** Wakes the workers: the clock was moved. */
  kick(): void
  /** Tells which wallets and movements this process has changed; returns a function that stops it. */
  onChange(listener: (id: string) => void): () => void
}

/** Names of the keys in the key store. */
export const walletKeys = { bankPin: 'wallet:bank-pin' } as const

/** How long a request may wait for its commit. */
const patienceMs = 10_000
const keyMax = 200
const pageMax = 200

export function createWallet(options: WalletOptions): WalletModule {
  const { db, clock, ids, operations, keys, log } = options
  const context: BatchContext = { ...options.context, ids }
  const waiting = createWaiting()
  const lane = createCoalescer<Command, CommandResult>({
    // Answers of banks have room of their own, and go first.
    reserved: 0.2,
    now: clock.now,
    async run(commands, mustBeInTime) {
      await options.refresh()
      const done = await runBatch({ db, context, commands, now: clock.now(), mustBeInTime })
      waiting.changed(done.changed)
      return done.results
    },
  })
  const submit = async <Kind extends CommandResult['kind']>(command: Command, kind: Kind) => {
    const isAnswer = command.kind === 'bank_answered'
    const urgency = isAnswer ? { urgent: true } : { deadline: clock.now() + patienceMs }
    return expect(await lane.submit(command, urgency), kind)
  }
  const idFor = (msisdn: Msisdn) => ids.next(bucketOf(msisdn), clock.now())
  const move = async (command: Command): Promise<MoveResult> =>
    (await submit(command, 'move')).result

  const sealPin = (id: string, pin: Secret) =>
    sealSecret(keys, { name: walletKeys.bankPin, context: id }, pin)
  const openPin = ({ id, sealedPin }: KeptMovement) =>
    sealedPin === null
      ? undefined
      : openSecret(keys, { name: walletKeys.bankPin, context: id }, sealedPin)

  const payeeSeal = (id: string) => ({ name: walletKeys.bankPin, context: `payee ${id}` })
  const openPayee = ({ id, sealedPayee }: KeptMovement) =>
    sealedPayee === null ? undefined : openSecret(keys, payeeSeal(id), sealedPayee)

  const answered: Lane['answered'] = async ({ movement, outcome, attempt }) => {
    const { msisdn, walletId, id: movementId, linkedId } = movement
    const isFunding = movement.kind === 'top_up' && linkedId !== null
    const command = {
      ...({ kind: 'bank_answered', msisdn, walletId, movementId, isFunding } as const),
      ...(movement.kind === 'card_transfer' && { countedAt: movement.requestedAt }),
    }
    return (await submit({ ...command, outcome, attempt }, 'bank_answered')).result
  }
  const newWorkers = (running: boolean) =>
    createWorkers(
      { db, clock, operations, log },
      {
        openPin,
        openPayee,
        answered,
      },
      running,
    )
  let workers: Worker[] = []

  const movement = async (id: string) =>
    bucketOfId(id) === undefined ? undefined : (await movementsByIds(db, [id]))[0]
  /** While the bank has an operation of it, that is who ends it. */
  async function resolvable(id: string): Promise<Result<KeptMovement, ResolveRefusal>> {
    const found = await movement(id)
    if (!found) return refuse('movement_not_found')
    if (found.state !== 'unknown') return refuse('movement_not_unknown')
    const isAtBank = (await operations.statusOf(id)) !== 'not_found'
    return isAtBank ? refuse('movement_at_bank') : accept(found)
  }
  const moveCash = async (kind: 'cash_in' | 'cash_out', order: Cash) => {
    checkTexts(order)
    const { msisdn } = order
    return move({ kind, msisdn, order: { ...order, movementId: idFor(msisdn) } })
  }
  const balanceIn = async (account: KeptAccount): Promise<Balance> => {
    const held = userBalance(account.bucket, account.id)
    const [balances, open] = await Promise.all([
      balancesAt(db, [held]),
      openMovements(db, [account.id]),
    ])
    const onTheWay = open.filter(({ kind, state }) => kind !== 'top_up' && state !== 'funding')
    return {
      account,
      available: spendable(balances.get(held.name)),
      inTransit: onTheWay.reduce((sum, { amount }) => sum + amount, 0n),
    }
  }

  return {
    open: (tx, opening) => openAccount(tx, context, opening, clock.now()),
    restrict: (tx, restriction) => restrictAccount(tx, context.owners, restriction, clock.now()),
    release: (tx, msisdn) => releaseAccount(tx, context, msisdn, clock.now()),
    async topUp({ pin, ...order }) {
      checkTexts(order)
      // What is no id of ours can be no card, and must not reach a batch that others are in.
      if (bucketOfId(order.cardId) === undefined) return refused('card_unknown')
      const { msisdn } = order
      const movementId = idFor(msisdn)
      const sealedPin = pin ? sealPin(movementId, pin) : null
      return move({ kind: 'top_up', msisdn, order: { ...order, movementId, sealedPin } })
    },
    async withdraw(order) {
      checkTexts(order)
      if (bucketOfId(order.cardId) === undefined) return refused('card_unknown')
      const { msisdn } = order
      return move({
        ...{ kind: 'withdrawal', msisdn, order: { ...order, movementId: idFor(msisdn) } },
      })
    },
    async withdrawalFee({ msisdn, amount, speed }) {
      const [account] = await accountsOf(db, [msisdn])
      const withdrawn = account && (await readWithdrawn(db, [account.id])).get(account.id)
      return withdrawalFee(context.policy(), { amount, speed, withdrawn: withdrawn ?? 0n })
    },
    async repay({ pin, ...order }) {
      checkTexts(order)
      const { msisdn, cardId, fromCardId } = order
      for (const id of [cardId, fromCardId ?? cardId])
        if (bucketOfId(id) === undefined) return refused('card_unknown')
      const [movementId, topUpId] = [idFor(msisdn), idFor(msisdn)]
      const sealedPin = pin ? sealPin(topUpId, pin) : null
      const placed = { ...order, movementId, topUpId, sealedPin }
      return move({ kind: 'repayment', msisdn, order: placed })
    },
    async transferToCard({ name, ...order }) {
      checkTexts(order)
      const { msisdn } = order
      const movementId = idFor(msisdn)
      const sealedPayee = sealSecret(keys, payeeSeal(movementId), name)
      return move({ kind: 'card_transfer', msisdn, order: { ...order, movementId, sealedPayee } })
    },
    cashIn: (order) => moveCash('cash_in', order),
    cashOut: (order) => moveCash('cash_out', order),
    async close(order) {
      const { payTo, msisdn } = order
      checkTexts({ key: order.key, ...payTo })
      if (bucketOfId(order.walletId) === undefined) return refused('wallet_not_found')
      if (payTo && 'cardId' in payTo && bucketOfId(payTo.cardId) === undefined)
        return refused('card_unknown')
      const placed = { ...order, movementId: idFor(msisdn) }
      return (await submit({ kind: 'close', msisdn, order: placed }, 'close')).result
    },
    sources: async (walletId) => (await readSources(db, [walletId]))(walletId),
    async setSources(walletId, sources) {
      if (!isOrder(sources)) return refuse('order_incomplete')
      const [account] =
        bucketOfId(walletId) === undefined ? [] : await accountsByIds(db, [walletId])
      if (!account) return refuse('wallet_not_found')
      await db.transact(async (tx) => saveSources(tx, walletId, sources))
      return accept(undefined)
    },
    async balance(msisdn) {
      const [account] = await accountsOf(db, [msisdn])
      return account && balanceIn(account)
    },
    async account(walletId) {
      if (bucketOfId(walletId) === undefined) return undefined
      return (await accountsByIds(db, [walletId]))[0]
    },
    movement,
    movements: (filter) => listMovements(db, { ...filter, limit: Math.min(filter.limit, pageMax) }),
    settled: (id, timeoutMs) => waiting.until(id, timeoutMs, movement, hasEnded),
    async look(id) {
      const asked = await movement(id)
      // Of a repayment that waits, a bank is asked about its top-up.
      const found = asked?.state === 'funding' ? await movement(asked.linkedId ?? '') : asked
      if (!found || !isUnfinished(found)) return
      const { bucket, id: subject, msisdn, walletId, sendAt } = found
      const payload = { msisdn, walletId }
      // A withdrawal for tomorrow is not sent today because somebody looked.
      const dueAt = Math.max(clock.now(), sendAt ?? 0)
      const job = { bucket, topic: topics.drive, subject, dueAt, payload }
      await db.transact(async (tx) => armJobs(tx, [job]))
    },
    unknownMovements: ({ after, limit }) => unknownMovements(db, { after, limit }),
    resolvable,
    async resolve(id, outcome) {
      const found = await resolvable(id)
      if (!found.ok) return found
      const said: BankOutcome =
        outcome === 'done'
          ? { kind: 'done' }
          : { kind: 'refused', reason: 'refused_by_bank', code: null }
      const answer = await answered({ movement: found.value, outcome: said, attempt: 1 })
      return answer ? accept(answer.movement) : refuse('movement_not_found')
    },
    start() {
      if (workers.length === 0) workers = newWorkers(true)
    },
    async work() {
      let worked = 0
      // One after another: where one dies, no other still claims what the next process is to find.
      for (const worker of newWorkers(false)) worked += await worker.step()
      return worked
    },
    kick() {
      for (const worker of workers) worker.kick()
    },
    onChange: waiting.onChange,
    async stop() {
      await Promise.all(workers.map((worker) => worker.stop()))
      await lane.close()
    },
  }
}

const hasEnded = ({ state }: Movement) => state !== 'requested' && state !== 'funding'

/** Made by channels, not by customers: anything else is a mistake in a channel. */
function checkTexts({ key, till }: { readonly key: string; readonly till?: string }): void {
  assert(key !== '' && key.length <= keyMax, 'a key is a short text')
  assert(till === undefined || /^[\w.-]{1,64}$/.test(till), 'a till has a plain name')
}

function expect<Kind extends CommandResult['kind']>(result: CommandResult, kind: Kind) {
  assert(result.kind === kind, `${result.kind} is the answer to another command`)
  return result as Extract<CommandResult, { kind: Kind }>
}
