/**
 * A bounded queue of two lanes. Ordinary entries leave a share of the places free, so that urgent ones
 * always find room; urgent ones are taken first, but not all of a batch, so that no lane starves.
 */
export interface TwoLanes<Entry> {
  /** False when there is no room for it. */
  push(entry: Entry, urgent: boolean): boolean
  /** The next entries, at most `max`. */
  take(max: number): Entry[]
  readonly length: number
}

export interface TwoLanesOptions {
  readonly max: number
  /** The share of the places that only urgent entries may take; 0 up to 1. */
  readonly reserved: number
}

/** What ordinary entries get of a batch however many urgent ones wait. */
const ordinaryShare = 0.2

export function createTwoLanes<Entry>({ max, reserved }: TwoLanesOptions): TwoLanes<Entry> {
  const urgentOnes: Entry[] = []
  const ordinaryOnes: Entry[] = []
  const ordinaryMax = max - Math.ceil(max * reserved)
  const length = () => urgentOnes.length + ordinaryOnes.length
  return {
    push(entry, urgent) {
      if (length() >= (urgent ? max : ordinaryMax)) return false
      if (urgent) urgentOnes.push(entry)
      else ordinaryOnes.push(entry)
      return true
    },
    take(most) {
      const kept = Math.min(ordinaryOnes.length, Math.ceil(most * ordinaryShare))
      const first = urgentOnes.splice(0, most - kept)
      return [...first, ...ordinaryOnes.splice(0, most - first.length)]
    },
    get length() {
      return length()
    },
  }
}
