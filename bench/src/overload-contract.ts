/** What the benchmark asks of its open load, and what that tells. */
export interface RoundOrder {
  readonly url: string
  readonly apiKey: string
  readonly perSecond: number
  readonly seconds: number
}

export interface OpenRound {
  readonly offered: number
  /** Paid within the round. */
  readonly perSecond: number
  /** Of those that were paid, from the instant at which the order was due to leave. */
  readonly p50Ms: number
  readonly p99Ms: number
  readonly statuses: Readonly<Record<string, number>>
  /** The load itself had no connection or number left. */
  readonly unsent: number
  readonly unanswered: number
}

export interface LoadAnswers {
  readonly round: OpenRound
}
