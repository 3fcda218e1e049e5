/** What the parts of the front door have in common: one lane, ids, and names compared before the batch. */
import type { Database } from '../db/index.ts'
import type { Page } from '../db/table-store.ts'
import {
  assert,
  bucketOf,
  bucketOfId,
  type Clock,
  type Msisdn,
  type Secret,
} from '../kernel/index.ts'
import type { Command, Kind, Results, SaidName } from './command.ts'
import type { BatchContext } from './load.ts'
import type { Names } from './ports.ts'

export interface Lane {
  readonly db: Database
  readonly clock: Clock
  readonly ids: BatchContext['ids']
  readonly names: Names
  /** In the next batch; a timer's work goes first. */
  run<K extends Kind>(command: Command<K>): Promise<Results[K]>
  /** Makes sure that a number is known, if its carrier knows it. */
  readonly knowNumber: (msisdn: Msisdn) => Promise<void>
}

const textMax = 200
const pageMax = 200

/** Made by channels, not by customers: anything else is a mistake in a channel. */
export function checkTexts(...texts: readonly (string | undefined)[]): void {
  for (const text of texts)
    assert(
      text === undefined || (text.length <= textMax && !/\p{Cc}/u.test(text)),
      'a text is one short line',
    )
}

export function checkKey({ key }: { readonly key: string }): void {
  assert(key !== '' && key.length <= textMax, 'a key is a short text')
}

export const idFor = ({ ids, clock }: Lane, msisdn: Msisdn): string =>
  ids.next(bucketOf(msisdn), clock.now())

/** What is no id of ours can be nothing of ours, and must not reach a batch that others are in. */
export const isId = (id: string): boolean => bucketOfId(id) !== undefined

export const upTo = ({ limit, ...rest }: Page): Page => ({
  ...rest,
  limit: Math.min(limit, pageMax),
})

/** Whether the character is the one that the mask of the payee's name leaves out. */
export async function compared(
  { db, names }: Lane,
  payee: Msisdn,
  character: Secret | undefined,
): Promise<SaidName | null> {
  if (!character) return null
  const known = await names.of(db, payee)
  if (!known) return null
  const { identityId } = known
  return { identityId, isRight: await names.isMissing(db, identityId, character) }
}

/** A number that nobody has asked about is asked about once, and then it is tried again. */
export async function withKnown<Value extends { readonly ok: boolean }>(
  { knowNumber }: Lane,
  msisdn: Msisdn,
  run: () => Promise<Value>,
): Promise<Value> {
  const answer = await run()
  if (!('refusal' in answer) || answer.refusal !== 'payee_unknown') return answer
  await knowNumber(msisdn)
  return run()
}
