/** What the parts of the front door have in common. */
import type { Database, Log } from '../db/index.ts'
import { assert, bucketOf, bucketOfId, type Clock, type Msisdn } from '../kernel/index.ts'
import type { Connected } from './biller.ts'
import type { Command, Kind, Results } from './command.ts'
import type { BatchContext } from './load.ts'

export interface Lane {
  readonly db: Database
  readonly clock: Clock
  readonly log: Log
  readonly context: BatchContext
  /** By code. */
  readonly billers: ReadonlyMap<string, Connected>
  /** In the next batch; what billers have said goes first. */
  run<K extends Kind>(command: Extract<Command, { kind: K }>): Promise<Results[K]>
}

const textMax = 200

/** Made by channels, not by customers: anything else is a mistake in a channel. */
export function checkTexts(...texts: readonly string[]): void {
  for (const text of texts)
    assert(
      text !== '' && text.length <= textMax && !/\p{Cc}/u.test(text),
      'a key or a label is one short line',
    )
}

export const newIdFor = ({ context, clock }: Lane, msisdn: Msisdn): string =>
  context.ids.next(bucketOf(msisdn), clock.now())

/** What is no id of ours can be nothing of ours, and must not reach a batch that others are in. */
export const isId = (id: string): boolean => bucketOfId(id) !== undefined
