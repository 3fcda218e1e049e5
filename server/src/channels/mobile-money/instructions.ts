/**
 * Takes instructions, does each once and says what became of it. The row is committed before anything is done; whoever
 * has claimed it does it, under keys that are the row's own, and writes down the outcome. A process that dies in
 * between leaves a job that takes it up again. Whoever sends the same id meanwhile waits for the same answer. What
 * waits is taken up by the very transaction in which its payment, transfer or bill ends.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { armJobs, cancelJobs, type Job, type JobOutcome } from '../../db/index.ts'
import { bucketOfId, type Msisdn, Secret } from '../../kernel/index.ts'
import type { Watch } from '../../payments/index.ts'
import { contentHash } from '../http/index.ts'
import type { Caller } from '../oauth/index.ts'
import { callbackOf } from './callback.ts'
import type { InstructionDependencies } from './dependencies.ts'
import { errorObject, fault } from './errors.ts'
import { type Effect, type Instruction, type Kind, next, type Outcome } from './instruction.ts'
import {
  bucketOfCorrelation,
  claimInstruction,
  findByCorrelation,
  insertInstruction,
  moveInstruction,
  readInstruction,
  releaseClaim,
} from './instruction-store.ts'
import type { Proof } from './parties.ts'
import { codePurpose, newCode } from './payer-code.ts'
import { namePrefix } from './proof.ts'

export const topic = 'mobile-money.instruction'

/** The job of the instruction that began what bears this name: its end is to be looked at now. */
export const instructionWatch: Watch = (name, now) => {
  if (!name.startsWith(namePrefix)) return null
  const id = name.slice(-idLength)
  const bucket = bucketOfId(id)
  return bucket === undefined ? null : jobOf({ id, bucket }, now)
}
const idLength = 36

/** Longer than any of our own transactions may take: who has it for so long has died. */
const claimMs = 30_000
/** How long a request waits for another one that does the same. */
const patienceMs = 5_000
const lookEveryMs = 50
/**
 * How often one that waits is looked at beside what its end brings (`instructionWatch`): soon at first, for it may
 * have ended before it was written down that it waits; later only in case.
 */
const againMs = (attempts: number) => Math.min(1_000 * attempts, 60_000)

export interface Order {
  readonly caller: Caller
  readonly correlationId: string
  readonly kind: Kind
  readonly body: Readonly<Record<string, unknown>>
  readonly callbackUrl: string | null
  /**
   * Asked only of a new one: who they are, and whether the payer has agreed already. Throws what forbids it.
   * `request` is the name of it for whoever counts wrong PINs.
   */
  readonly prove: (request: string) => Promise<Proof>
}

export interface Instructions {
  place(order: Order): Promise<Instruction>
  /** As it is now; one that waits is looked at first. */
  current(instruction: Instruction): Promise<Instruction>
  handle(job: Job): Promise<JobOutcome>
}

export function createInstructions(
  deps: InstructionDependencies,
  effectOf: (instruction: Instruction) => Effect,
): Instructions {
  const { db, clock, ids, cipher, log, notify } = deps

  async function place(order: Order): Promise<Instruction> {
    const { caller, correlationId, kind, body, callbackUrl } = order
    const { clientId, merchantId, test, msisdn: token } = caller
    const msisdn: Msisdn | null = token ?? null
    const hash = contentHash({ kind, body, callbackUrl, msisdn })
    const known = await findByCorrelation(db, { clientId, correlationId })
    if (known) return replay(known, hash)
    const { agreed, resolved } = await order.prove(`${clientId}:${correlationId}`)
    const now = clock.now()
    const bucket = bucketOfCorrelation({ clientId, correlationId })
    const code = kind === 'authorisationcode' ? newCode(bucket, ids) : null
    const made: Instruction = {
      ...{ id: ids.next(bucket, now), bucket, clientId, merchantId, correlationId },
      ...{
        contentHash: hash,
        kind,
        msisdn,
        body: { ...body, resolved },
        agreed,
        test,
        callbackUrl,
        state: 'open',
      },
      ...{ subject: null, error: null, receipt: null, dueAt: null, usedBy: null },
      withdrawnAt: null,
      sealedCode: code && cipher.seal(codePurpose, new Secret(code)),
      ...{ createdAt: now, changedAt: now },
    }
    const isNew = await db.transact(async (tx) => {
      const codeMac = code && cipher.mac(codePurpose, code)
      const row = { ...made, claimedUntil: now + claimMs, codeMac }
      if (!(await insertInstruction(tx, row))) return false
      armJobs(tx, [jobOf(made, now + claimMs)])
      return true
    })
    if (isNew) return run(made, { isInline: true })
    const other = await findByCorrelation(db, { clientId, correlationId })
    if (!other) throw fault('busy')
    return replay(other, hash)
  }

  /** What the same request came to; one that lies open is done now, or waited for. */
  async function replay(known: Instruction, hash: string): Promise<Instruction> {
    if (known.contentHash !== hash) throw fault('duplicate')
    if (known.state !== 'open') return current(known)
    if (await claim(known)) return run(known, { isInline: true })
    for (let waited = 0; waited < patienceMs; waited += lookEveryMs) {
      await sleep(lookEveryMs)
      const now = await reread(known)
      if (now.state !== 'open') return now
    }
    return known
  }

  const claim = (instruction: Instruction) => {
    const now = clock.now()
    return db.transact((tx) => claimInstruction(tx, instruction, { now, until: now + claimMs }))
  }
  const reread = async (instruction: Instruction) =>
    (await readInstruction(db, instruction.id)) ?? instruction

  async function run(instruction: Instruction, how: How): Promise<Instruction> {
    try {
      return await settle(instruction, await effectOf(instruction).perform(instruction), how)
    } catch (error) {
      // Nothing is known to have been decided: the next one finds out, under the same keys.
      await db
        .transact((tx) => releaseClaim(tx, instruction))
        .catch((again: unknown) => log.error({ err: again }, 'a claim is kept until it runs out'))
      throw error
    }
  }

  async function current(instruction: Instruction): Promise<Instruction> {
    if (instruction.state !== 'waiting') return instruction
    const outcome = await effectOf(instruction).look(instruction)
    return outcome.state === 'waiting' ? instruction : settle(instruction, outcome, waited)
  }

  /** Writes down what came of it, and tells the client if it was not answered with that. */
  async function settle(before: Instruction, outcome: Outcome, how: How): Promise<Instruction> {
    const now = clock.now()
    const after: Instruction = {
      ...before,
      state: outcome.state,
      subject: outcome.subject ?? before.subject,
      receipt: outcome.state === 'completed' ? (outcome.receipt ?? null) : null,
      error: outcome.state === 'failed' ? errorObject(outcome.fault, now) : null,
      dueAt: outcome.state === 'failed' ? null : (outcome.dueAt ?? null),
      changedAt: Math.max(before.changedAt, now),
    }
    const from = (['open', 'waiting'] as const).filter((state) =>
      next[state].some((to) => to === outcome.state),
    )
    const moved = await db.transact(async (tx) => {
      if (!(await moveInstruction(tx, before, { ...after, from, now }))) return false
      if (after.state === 'waiting') armJobs(tx, [jobOf(after, now + againMs(1))])
      else cancelJobs(tx, [jobOf(after, now)])
      const callback =
        how.isInline || after.state === 'waiting' ? null : callbackOf(after, { cipher, now })
      if (callback) notify(tx, callback)
      return true
    })
    return moved ? after : reread(before)
  }

  return {
    place,
    current,
    async handle(job) {
      const found = await readInstruction(db, job.subject)
      if (!found || found.state === 'completed' || found.state === 'failed') return { kind: 'done' }
      const later = { kind: 'again', dueAt: clock.now() + againMs(job.attempts) } as const
      if (found.state === 'open' && !(await claim(found))) return later
      const now = found.state === 'open' ? await run(found, waited) : await current(found)
      // What has just begun to wait has its timer already.
      if (now.state !== 'waiting' || found.state === 'open') return { kind: 'settled' }
      return later
    },
  }
}

interface How {
  /** The client hears the outcome as the answer to its request. */
  readonly isInline: boolean
}
const waited: How = { isInline: false }

const jobOf = ({ bucket, id }: Pick<Instruction, 'bucket' | 'id'>, dueAt: number) => ({
  ...{ bucket, topic, subject: id, dueAt },
  payload: {},
})
