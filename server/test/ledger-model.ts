/**
 * The ledger once more, as plainly as it can be said: a list of what was accepted, and every
 * question answered by adding up that list. Slow and simple on purpose: the real one must agree
 * with it.
 */
import fc from 'fast-check'
import type {
  AccountRef,
  TransferCommand,
  TransferRefusal,
  TransferResult,
} from '../src/ledger/index.ts'

interface Accepted {
  readonly command: TransferCommand
  readonly debit: string
  readonly credit: string
  readonly amount: bigint
}

export interface Model {
  flags: Record<string, number>
  accepted: Accepted[]
}

export const createModel = (): Model => ({ flags: {}, accepted: [] })

export function runModel(model: Model, commands: readonly TransferCommand[]): TransferResult[] {
  return chainsOf(commands).flatMap((chain) => {
    const before = [...model.accepted]
    const results = chain.map((command) => runOne(model, command))
    const broken = results.findIndex((result) => !result.ok)
    if (broken < 0 || chain.length === 1) return results
    model.accepted = before
    return results.map((result, i) =>
      i === broken ? result : { ok: false, refusal: 'linked_transfer_failed' },
    )
  })
}

/** The list cut into the pieces that stand or fall together. */
export function chainsOf(commands: readonly TransferCommand[]): TransferCommand[][] {
  const chains: TransferCommand[][] = [[]]
  for (const command of commands) {
    chains.at(-1)?.push(command)
    if (!command.linked) chains.push([])
  }
  return chains.slice(0, -1)
}

export function modelBalances(model: Model, name: string) {
  const settled = new Set(model.accepted.map((one) => one.command).map(pendingOf))
  const sum = (side: 'debit' | 'credit', matches: (one: Accepted) => boolean) =>
    model.accepted
      .filter((one) => one[side] === name && matches(one))
      .reduce((total, one) => total + one.amount, 0n)
  const open = (one: Accepted) => one.command.kind === 'pending' && !settled.has(one.command.id)
  const posted = (one: Accepted) => one.command.kind === 'transfer' || one.command.kind === 'post'
  return {
    debitsPending: sum('debit', open),
    debitsPosted: sum('debit', posted),
    creditsPending: sum('credit', open),
    creditsPosted: sum('credit', posted),
    version: BigInt(
      model.accepted.filter((one) => one.debit === name || one.credit === name).length,
    ),
  }
}

const pendingOf = (command: TransferCommand) =>
  'pendingId' in command ? command.pendingId : undefined

function runOne(model: Model, command: TransferCommand): TransferResult {
  const wellFormed =
    'debit' in command &&
    command.amount > 0n &&
    command.debit.bucket === command.bucket &&
    command.credit.bucket === command.bucket &&
    command.debit.name !== command.credit.name
  if (wellFormed)
    for (const account of [command.debit, command.credit])
      model.flags[account.name] ??= account.flags
  const same = model.accepted.find((one) => one.command.id === command.id)
  if (same) {
    const answer = content(model, command) === content(model, same.command)
    return answer
      ? { ok: true, value: 'exists' }
      : { ok: false, refusal: 'exists_with_different_content' }
  }
  const [refusal] =
    'debit' in command ? refusePlain(model, command) : refuseSettling(model, command)
  if (refusal) return { ok: false, refusal }
  model.accepted.push({ command, ...effectOf(model, command) })
  return { ok: true, value: 'created' }
}

const findPending = (model: Model, id: string) =>
  model.accepted.find((one) => one.command.id === id && one.command.kind === 'pending')

function effectOf(model: Model, command: TransferCommand) {
  if ('debit' in command)
    return { debit: command.debit.name, credit: command.credit.name, amount: command.amount }
  const pending = findPending(model, command.pendingId)
  const amount = command.kind === 'post' ? command.amount : undefined
  return {
    debit: pending?.debit ?? '',
    credit: pending?.credit ?? '',
    amount: amount ?? pending?.amount ?? 0n,
  }
}

const content = (model: Model, command: TransferCommand) => {
  const { kind, bucket, subject, reason } = command
  const sides =
    'debit' in command
      ? [command.debit.bucket, command.debit.name, command.credit.bucket, command.credit.name]
      : [command.pendingId]
  return [kind, bucket, subject, reason, effectOf(model, command).amount, ...sides].join()
}

type Refusals = TransferRefusal[]
const when = (condition: boolean, refusal: TransferRefusal): Refusals =>
  condition ? [refusal] : []

function refusePlain(
  model: Model,
  command: Extract<TransferCommand, { debit: AccountRef }>,
): Refusals {
  const { debit, credit, amount, bucket } = command
  const from = modelBalances(model, debit.name)
  const to = modelBalances(model, credit.name)
  const debits = from.debitsPending + from.debitsPosted + amount
  const credits = to.creditsPending + to.creditsPosted + amount
  const sameAccount = debit.name === credit.name && debit.bucket === credit.bucket
  return [
    ...when(amount <= 0n, 'amount_must_be_positive'),
    ...when(sameAccount, 'accounts_must_be_different'),
    ...when(debit.bucket !== bucket || credit.bucket !== bucket, 'accounts_must_be_in_one_bucket'),
    ...when(
      model.flags[debit.name] !== debit.flags || model.flags[credit.name] !== credit.flags,
      'account_has_different_flags',
    ),
    ...when(debit.flags === 1 && debits > from.creditsPosted, 'exceeds_credits'),
    ...when(credit.flags === 2 && credits > to.debitsPosted, 'exceeds_debits'),
    ...when(debits >= 2n ** 63n || credits >= 2n ** 63n, 'overflows_balance'),
  ]
}

function refuseSettling(
  model: Model,
  command: Extract<TransferCommand, { pendingId: string }>,
): Refusals {
  const pending = findPending(model, command.pendingId)
  const end = model.accepted.find((one) => pendingOf(one.command) === command.pendingId)
  const amount = command.kind === 'post' ? command.amount : undefined
  return [
    ...when(amount !== undefined && amount <= 0n, 'amount_must_be_positive'),
    ...when(!pending, 'pending_transfer_not_found'),
    ...when(end?.command.kind === 'post', 'pending_transfer_already_posted'),
    ...when(end?.command.kind === 'void', 'pending_transfer_already_voided'),
    ...when(end?.command.kind === 'expire', 'pending_transfer_expired'),
    ...when((amount ?? 0n) > (pending?.amount ?? 0n), 'exceeds_pending_amount'),
  ]
}

/** Where a random list plays: lists of two worlds never meet. */
export interface World {
  readonly bucket: number
  readonly number: number
}

export type Plan = (world: World) => TransferCommand[]

/** A list of at most `maxLength` commands over five accounts, with every way to go wrong. */
export const plans = (maxLength: number): fc.Arbitrary<Plan> =>
  fc.array(step, { minLength: 1, maxLength }).map((steps) => (world) => {
    const commands: TransferCommand[] = []
    for (const one of steps) {
      const earlier = one.again === null ? undefined : commands.at(-one.again)
      commands.push(earlier ? { ...earlier, linked: one.linked } : commandOf(one, world))
    }
    const last = commands.pop()
    return last ? [...commands, { ...last, linked: false }] : []
  })

/** Five accounts: two without limits, two liabilities, an asset. */
export const accountNameOf = (world: World, n: number) => `w${world.number}:${n}`
const flagsOf = [0, 0, 1, 1, 2]

const amounts = fc.oneof(
  { weight: 40, arbitrary: fc.bigInt(1n, 40n) },
  { weight: 1, arbitrary: fc.constantFrom(0n, -7n, 2n ** 62n, 2n ** 63n - 1n, 2n ** 63n) },
)
const rarely = fc.integer({ min: 0, max: 39 }).map((n) => n === 0)
const index = (max: number) => fc.integer({ min: 0, max })

const step = fc.record({
  kind: fc.constantFrom(
    ...(['transfer', 'transfer', 'pending', 'pending', 'post', 'post', 'void', 'expire'] as const),
  ),
  id: index(19),
  // Pending transfers have few ids, so that many of those that settle find one.
  pendingId: index(9),
  debit: index(4),
  credit: index(4),
  amount: amounts,
  part: fc.boolean(),
  /** Sends an earlier command again, this many before. */
  again: fc.option(fc.integer({ min: 1, max: 20 }), { freq: 8 }),
  linked: fc.integer({ min: 0, max: 5 }).map((n) => n === 0),
  wrongFlags: rarely,
  wrongBucket: rarely,
  wrongSubject: rarely,
})
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never

function commandOf(one: Step, world: World): TransferCommand {
  const { bucket, number } = world
  const idOf = (n: number) => `00000000-0000-7000-8000-${hex(number, 8)}${hex(n, 4)}`
  const account = (n: number): AccountRef => ({
    bucket: one.wrongBucket ? bucket + 1 : bucket,
    name: accountNameOf(world, n),
    flags: one.wrongFlags ? 2 - (flagsOf[n] ?? 0) : (flagsOf[n] ?? 0),
  })
  const common = {
    bucket,
    subject: one.wrongSubject ? 'another' : 'payment',
    reason: 'charge',
    businessDate: '2026-11-23',
    linked: one.linked,
  }
  const sides = { debit: account(one.debit), credit: account(one.credit), amount: one.amount }
  switch (one.kind) {
    case 'transfer':
      return { ...common, ...sides, kind: 'transfer', id: idOf(20 + one.id * 2) }
    case 'pending':
      return { ...common, ...sides, kind: 'pending', id: idOf(one.pendingId) }
    case 'post': {
      const id = idOf(20 + one.id * 3)
      const amount = one.part ? { amount: one.amount } : {}
      return { ...common, ...amount, kind: 'post', id, pendingId: idOf(one.pendingId) }
    }
    default:
      return { ...common, kind: one.kind, id: idOf(70 + one.id), pendingId: idOf(one.pendingId) }
  }
}

const hex = (n: number, digits: number) => n.toString(16).padStart(digits, '0')
