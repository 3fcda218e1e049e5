/** What a try does to the row of a PIN. Decides only. */
import type { PinRefusal } from './pin.ts'
import type { KeptPin } from './store.ts'

export interface Try {
  readonly right: boolean
  readonly channel: string
  readonly now: number
  readonly triesMax: number
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

export function tryPin(pin: KeptPin, { right, channel, now, triesMax }: Try): Tried {
  if (right) return { pin: pin.wrong === 0 ? pin : { ...pin, wrong: 0 }, refusal: null }
  const wrong = pin.wrong + 1
  if (wrong < triesMax)
    return { pin: { ...pin, wrong }, refusal: { code: 'wrong', triesLeft: triesMax - wrong } }
  return { pin: { ...pin, wrong, locked: { at: now, channel } }, refusal: { code: 'locked' } }
}
