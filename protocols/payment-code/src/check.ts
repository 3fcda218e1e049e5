/**
 * Which steps of time a code may stand for. A code counts for the step it was made in, the three after it and
 * the one before it: up to two minutes old, and half a minute early for a clock that runs ahead.
 *
 * That a code is used once is not decided here. Whoever takes codes writes alias and step down before anything
 * else, and takes no step that is not later than the last one taken of that alias.
 */
import type { PaymentCode } from './code.ts'
import { type Hmac, otpOf, stepAt } from './otp.ts'
import { accept, type Result, refuse } from './result.ts'

/** A guess and a code that is too old look the same. */
export type CheckRefusal = 'otp_wrong' | 'time_invalid'

/** In the order in which they are likely. */
const inWindow = [0, -1, -2, -3, 1]

/**
 * The steps whose one-time part the code has: nearly always one, as two steps of a window agree by chance once in
 * 100,000 windows. `now` is the server's time and `deviceAheadMs` how far the clock of the device was ahead of it
 * when they last spoke. What is shown now comes first; a step later than `after` is the only one told, and no other is
 * looked at once it is found.
 */
export async function checkCode(
  { otp }: PaymentCode,
  {
    hmac,
    now,
    deviceAheadMs = 0,
    after = Number.POSITIVE_INFINITY,
  }: {
    readonly hmac: Hmac
    readonly now: number
    readonly deviceAheadMs?: number
    readonly after?: number
  },
): Promise<Result<readonly number[], CheckRefusal>> {
  const current = stepAt(now + deviceAheadMs)
  if (current === undefined) return refuse('time_invalid')
  const steps: number[] = []
  for (const away of inWindow) {
    const step = current + away
    if (step < 0 || (await otpOf(hmac, step)) !== otp) continue
    if (step > after) return accept([step])
    steps.push(step)
  }
  return steps.length > 0 ? accept(steps) : refuse('otp_wrong')
}
