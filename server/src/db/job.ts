/**
 * Work that is due: the outbox and the timers in one table. A message to send is a job due now; a
 * deadline is a job due later. Rows are written in the transaction that makes them necessary, and
 * claimed with SKIP LOCKED; claiming a row pushes its `dueAt` past the lease, so a worker that dies
 * gives it back by doing nothing. Handlers run at least once: their effects must be guarded.
 */
export interface NewJob {
  readonly bucket: number
  /** Says who handles it, for example `sms.send`. */
  readonly topic: string
  /** With the topic unique: a payment's id for its deadline, a fresh id for a message. */
  readonly subject: string
  /** Milliseconds since 1970 UTC. */
  readonly dueAt: number
  /** Plain JSON; amounts as strings. */
  readonly payload: unknown
}

export interface Job extends NewJob {
  /** How often it has been claimed, this time included. */
  readonly attempts: number
}

/** What a handler says of a job. */
export type JobOutcome =
  /** Finished: the engine deletes the row. */
  | { readonly kind: 'done' }
  /** Finished or re-armed inside a transaction of the handler's own: the engine leaves the row alone. */
  | { readonly kind: 'settled' }
  /** Not finished: again at `dueAt`, and late since it was first due. */
  | { readonly kind: 'again'; readonly dueAt: number }
  /** This round is finished and the next one is due at `dueAt`: for what comes round for ever. */
  | { readonly kind: 'next'; readonly dueAt: number }
