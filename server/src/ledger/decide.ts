/**
 * Decides a list of transfers against the accounts they touch. It reads no clock, no row and no
 * socket: `commands.ts` gathers the facts for the whole list and saves what is decided here. The
 * results are those of running the commands one by one in their order: a refusal never harms a
 * neighbour, except within a chain of linked transfers, which is accepted or refused as a whole.
 */
import { accept, assert, refuse } from '../kernel/index.ts'
import { ByBucket } from './by-bucket.ts'
import {
  type Account,
  type AccountRef,
  accountFlags,
  type PlainTransfer,
  type Settling,
  type SettlingKind,
  type Transfer,
  type TransferCommand,
  type TransferContent,
  type TransferRefusal,
  type TransferResult,
} from './transfer.ts'
import { unitOf } from './unit.ts'

/** What must be known before deciding. */
export interface Facts {
  /**
   * Every account named by a command that is sound on its face, and those of its pending transfer.
   */
  readonly accounts: ByBucket<Account>
  /** Every transfer there is already among the commands' ids and pending ids. */
  readonly transfers: ByBucket<TransferContent>
  /** How those of them that were pending ended, if they did. */
  readonly settled: ByBucket<SettlingKind>
}

export interface Decision {
  /** One result per command, in the same order. */
  readonly results: readonly TransferResult[]
  /** New transfers, in the order in which they were made. */
  readonly transfers: readonly Transfer[]
  /** The accounts they changed, as they are now. */
  readonly accounts: readonly Account[]
}

const accepted: TransferResult = accept('created')

/** The largest value of PostgreSQL's int8. A side of an account may not grow beyond it. */
export const balanceMax = 2n ** 63n - 1n

export function decide(facts: Facts, commands: readonly TransferCommand[], now: number): Decision {
  const draft: Draft = {
    facts,
    accounts: new ByBucket(),
    transfers: new ByBucket(),
    settled: new ByBucket(),
    made: [],
    now,
  }
  const results: TransferResult[] = []
  for (let i = 0; i < commands.length; i = results.length) {
    const command = commands[i] as TransferCommand
    if (command.linked) results.push(...decideChain(draft, chainFrom(commands, i)))
    else results.push(decideOne(draft, command))
  }
  const transfers = draft.made.map((step) => step.transfer)
  return { results, transfers, accounts: draft.accounts.values() }
}

/** Refusals that need no account to be seen: such a command opens none. */
export function faultOf(command: TransferCommand): TransferRefusal | undefined {
  if ('amount' in command && command.amount !== undefined && command.amount <= 0n)
    return 'amount_must_be_positive'
  if (!('debit' in command)) return undefined
  const { debit, credit, bucket } = command
  if (debit.bucket === credit.bucket && debit.name === credit.name)
    return 'accounts_must_be_different'
  if (debit.bucket !== bucket || credit.bucket !== bucket) return 'accounts_must_be_in_one_bucket'
  if (unitOf(debit.name) !== unitOf(credit.name)) return 'units_differ'
  return undefined
}

/** The accounts that the commands name, each once: the first to name one says its flags. */
export function accountsNamedBy(commands: readonly TransferCommand[]): AccountRef[] {
  const seen = new ByBucket<AccountRef>()
  const named: AccountRef[] = []
  for (const command of commands) {
    if (!('debit' in command) || faultOf(command)) continue
    for (const account of [command.debit, command.credit]) {
      if (seen.get(account.bucket, account.name)) continue
      seen.set(account.bucket, account.name, account)
      named.push(account)
    }
  }
  return named
}

/** The state of the books while a list is being decided: the facts, and what differs from them. */
interface Draft {
  readonly facts: Facts
  readonly accounts: ByBucket<Account>
  readonly transfers: ByBucket<TransferContent>
  readonly settled: ByBucket<SettlingKind>
  /** The new transfers, each with what it takes to undo it. */
  readonly made: { transfer: Transfer; debitBefore: Account; creditBefore: Account }[]
  readonly now: number
}

const accountIn = ({ accounts, facts }: Draft, bucket: number, name: string) =>
  accounts.get(bucket, name) ?? facts.accounts.get(bucket, name)

const transferIn = ({ transfers, facts }: Draft, bucket: number, id: string) =>
  transfers.get(bucket, id) ?? facts.transfers.get(bucket, id)

const settledIn = ({ settled, facts }: Draft, bucket: number, id: string) =>
  settled.get(bucket, id) ?? facts.settled.get(bucket, id)

function chainFrom(commands: readonly TransferCommand[], start: number): TransferCommand[] {
  let end = start
  while (commands[end]?.linked) end += 1
  assert(end < commands.length, 'the last transfer of a list is not linked to a next one')
  return commands.slice(start, end + 1)
}

function decideChain(draft: Draft, chain: readonly TransferCommand[]): TransferResult[] {
  const start = draft.made.length
  const results: TransferResult[] = []
  for (const command of chain) {
    const result = decideOne(draft, command)
    results.push(result)
    if (!result.ok) {
      undo(draft, start)
      const broken = results.length - 1
      return chain.map((_, i) => (i === broken ? result : refuse('linked_transfer_failed')))
    }
  }
  return results
}

function decideOne(draft: Draft, command: TransferCommand): TransferResult {
  const existing = transferIn(draft, command.bucket, command.id)
  if (existing)
    return isSame(draft, command, existing)
      ? accept('exists')
      : refuse('exists_with_different_content')
  const fault = faultOf(command)
  if (fault) return refuse(fault)
  return 'debit' in command ? place(draft, command) : settle(draft, command)
}

function isSame(draft: Draft, command: TransferCommand, existing: TransferContent): boolean {
  if (
    command.kind !== existing.kind ||
    command.subject !== existing.subject ||
    command.reason !== existing.reason
  )
    return false
  if ('debit' in command)
    return (
      command.debit.name === existing.debitAccount &&
      command.credit.name === existing.creditAccount &&
      command.debit.bucket === command.bucket &&
      command.credit.bucket === command.bucket &&
      command.amount === existing.amount
    )
  if (command.pendingId !== existing.pendingId || command.kind !== 'post')
    return command.pendingId === existing.pendingId
  const pending = transferIn(draft, command.bucket, command.pendingId)
  return (command.amount ?? pending?.amount) === existing.amount
}

function place(draft: Draft, command: PlainTransfer): TransferResult {
  const { amount, bucket } = command
  const debit = accountIn(draft, bucket, command.debit.name)
  const credit = accountIn(draft, bucket, command.credit.name)
  assert(debit && credit, 'every account of the list was loaded')
  if (debit.flags !== command.debit.flags || credit.flags !== command.credit.flags)
    return refuse('account_has_different_flags')
  const debits = debit.debitsPending + debit.debitsPosted + amount
  const credits = credit.creditsPending + credit.creditsPosted + amount
  if (debit.flags & accountFlags.debitsMustNotExceedCredits && debits > debit.creditsPosted)
    return refuse('exceeds_credits')
  if (credit.flags & accountFlags.creditsMustNotExceedDebits && credits > credit.debitsPosted)
    return refuse('exceeds_debits')
  // Both states of a side count, so that a post, which only moves between them, cannot overflow.
  if (debits > balanceMax || credits > balanceMax) return refuse('overflows_balance')
  // After this point the transfer must succeed.
  const held = command.kind === 'pending'
  const [pending, posted] = held ? [amount, 0n] : [0n, amount]
  record(draft, command, { debit, credit, amount, pendingId: null, pending, posted })
  return accepted
}

const settledRefusals = {
  post: 'pending_transfer_already_posted',
  void: 'pending_transfer_already_voided',
  expire: 'pending_transfer_expired',
} as const satisfies Record<SettlingKind, TransferRefusal>

function settle(draft: Draft, command: Settling): TransferResult {
  const { bucket, pendingId } = command
  const pending = transferIn(draft, bucket, pendingId)
  if (pending?.kind !== 'pending') return refuse('pending_transfer_not_found')
  const debit = accountIn(draft, bucket, pending.debitAccount)
  const credit = accountIn(draft, bucket, pending.creditAccount)
  // Committed after we chose what to lock, so not there yet for us: nobody was told of it before.
  if (!debit || !credit) return refuse('pending_transfer_not_found')
  const settledBy = settledIn(draft, bucket, pendingId)
  if (settledBy) return refuse(settledRefusals[settledBy])
  const amount = (command.kind === 'post' ? command.amount : undefined) ?? pending.amount
  if (amount > pending.amount) return refuse('exceeds_pending_amount')
  // After this point the transfer must succeed.
  const posted = command.kind === 'post' ? amount : 0n
  record(draft, command, { debit, credit, amount, pendingId, pending: -pending.amount, posted })
  draft.settled.set(bucket, pendingId, command.kind)
  return accepted
}

interface Move {
  readonly debit: Account
  readonly credit: Account
  readonly amount: bigint
  readonly pendingId: string | null
  /** What the debit side of one account and the credit side of the other gain. */
  readonly pending: bigint
  readonly posted: bigint
}

function record(draft: Draft, command: TransferCommand, move: Move) {
  const { id, bucket, kind, subject, reason, businessDate } = command
  const { amount, pendingId, pending, posted, debit: debitBefore, credit: creditBefore } = move
  // Clocks differ between processes: an account's history must run forward all the same.
  const createdAt = Math.max(draft.now, debitBefore.changedAt, creditBefore.changedAt)
  const debit: Account = {
    bucket,
    name: debitBefore.name,
    flags: debitBefore.flags,
    debitsPending: debitBefore.debitsPending + pending,
    debitsPosted: debitBefore.debitsPosted + posted,
    creditsPending: debitBefore.creditsPending,
    creditsPosted: debitBefore.creditsPosted,
    version: debitBefore.version + 1n,
    changedAt: createdAt,
  }
  const credit: Account = {
    bucket,
    name: creditBefore.name,
    flags: creditBefore.flags,
    debitsPending: creditBefore.debitsPending,
    debitsPosted: creditBefore.debitsPosted,
    creditsPending: creditBefore.creditsPending + pending,
    creditsPosted: creditBefore.creditsPosted + posted,
    version: creditBefore.version + 1n,
    changedAt: createdAt,
  }
  const transfer: Transfer = {
    id,
    bucket,
    kind,
    debitAccount: debit.name,
    creditAccount: credit.name,
    amount,
    pendingId,
    subject,
    reason,
    businessDate,
    createdAt,
    debit,
    credit,
  }
  draft.accounts.set(bucket, debit.name, debit)
  draft.accounts.set(bucket, credit.name, credit)
  draft.transfers.set(bucket, id, transfer)
  draft.made.push({ transfer, debitBefore, creditBefore })
}

function undo(draft: Draft, length: number) {
  for (const step of draft.made.splice(length).reverse()) {
    const { bucket, id, pendingId } = step.transfer
    restore(draft, step.debitBefore)
    restore(draft, step.creditBefore)
    draft.transfers.delete(bucket, id)
    if (pendingId) draft.settled.delete(bucket, pendingId)
  }
}

/** An account that is again as it was found is not one that changed. */
function restore({ facts, accounts }: Draft, before: Account) {
  const { bucket, name } = before
  if (facts.accounts.get(bucket, name) === before) accounts.delete(bucket, name)
  else accounts.set(bucket, name, before)
}
