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

const stepsBehind = 3
const stepsAhead = 1

/**
 * The steps, earliest first, whose one-time part the code has: nearly always one, as two steps of a window agree
 * by chance once in 100,000 windows. `now` is the server's time and `deviceAheadMs` how far the clock of the
 * device was ahead of it when they last spoke. Every step of the window is computed, whichever fits.
 */
export async function checkCode(
  { otp }: PaymentCode,
  {
    hmac,
    now,
    deviceAheadMs = 0,
  }: { readonly hmac: Hmac; readonly now: number; readonly deviceAheadMs?: number },
): Promise<Result<readonly number[], CheckRefusal>> {
  const current = stepAt(now + deviceAheadMs)
  if (current === undefined) return refuse('time_invalid')
  const steps: number[] = []
  for (let step = Math.max(0, current - stepsBehind); step <= current + stepsAhead; step += 1)
    if ((await otpOf(hmac, step)) === otp) steps.push(step)
  return steps.length > 0 ? accept(steps) : refuse('otp_wrong')
}
