/** What a try does to the row of a PIN. Decides only. */
import type { PinRefusal } from './pin.ts'
import type { KeptPin } from './store.ts'

export interface Try {
  readonly right: boolean
  readonly channel: string
  readonly now: number
  readonly triesMax: number
  /** What the row keeps of this try; null when its request cannot come again. */
  readonly mac: string | null
}

export interface Tried {
  /** As it is after the try; the same object when nothing changed. */
  readonly pin: KeptPin
  /** Null for a right PIN, whatever it is good for. */
  readonly refusal: PinRefusal | null
}

/** Whether a PIN can be tried at all; a try of one that cannot is told nothing of how right it was. */
export function barOf(pin: KeptPin | undefined, now: number): PinRefusal | null {
  if (!pin) return { code: 'none' }
  if (pin.locked) return { code: 'locked' }
  // The last millisecond counts.
  if (pin.initialUntil !== null && now > pin.initialUntil) return { code: 'initial_expired' }
  return null
}

/** The last try once more, for its answer was lost, is answered as it was and counts no second time. */
export function tryPin(pin: KeptPin, { right, channel, now, triesMax, mac }: Try): Tried {
  if (right) {
    const isClean = pin.wrong === 0 && pin.wrongAgain === null
    return { pin: isClean ? pin : { ...pin, wrong: 0, wrongAgain: null }, refusal: null }
  }
  const isAgain = mac !== null && mac === pin.wrongAgain
  const wrong = pin.wrong + (isAgain ? 0 : 1)
  const after = { ...pin, wrong, wrongAgain: mac }
  if (wrong < triesMax)
    return { pin: after, refusal: { code: 'wrong', triesLeft: triesMax - wrong } }
  return { pin: { ...after, locked: { at: now, channel } }, refusal: { code: 'locked' } }
}
