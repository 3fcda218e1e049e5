/**
 * What was acknowledged, written down when the answer has come and never before. The file is the
 * witness: at the end everything in it is looked up again.
 */
import { createReadStream, openSync, writeSync } from 'node:fs'
import { createInterface } from 'node:readline'

export const effects = ['order', 'yes', 'delivery', 'refund', 'transfer'] as const
export type Effect = (typeof effects)[number]

export interface Acknowledgement {
  readonly effect: Effect
  readonly id: string
}

export interface Acknowledged {
  add(effect: Effect, ids: readonly string[]): void
  readonly counts: Readonly<Record<Effect, number>>
  readonly total: number
  /** What was added since the last call. */
  news(): Acknowledgement[]
  /** All of it, from the file, in pieces. */
  all(pieceMax: number): AsyncGenerator<Acknowledgement[]>
}

export function createAcknowledged(file: string): Acknowledged {
  const descriptor = openSync(file, 'a')
  const counts: Record<Effect, number> = { order: 0, yes: 0, delivery: 0, refund: 0, transfer: 0 }
  let fresh: Acknowledgement[] = []
  return {
    counts,
    get total() {
      return effects.reduce((sum, effect) => sum + counts[effect], 0)
    },
    add(effect, ids) {
      writeSync(descriptor, ids.map((id) => `${effect} ${id}\n`).join(''))
      counts[effect] += ids.length
      fresh.push(...ids.map((id) => ({ effect, id })))
    },
    news() {
      const taken = fresh
      fresh = []
      return taken
    },
    async *all(pieceMax) {
      let piece: Acknowledgement[] = []
      for await (const line of createInterface({ input: createReadStream(file) })) {
        const [effect = '', id = ''] = line.split(' ')
        piece.push({ effect: effect as Effect, id })
        if (piece.length < pieceMax) continue
        yield piece
        piece = []
      }
      yield piece
    },
  }
}
