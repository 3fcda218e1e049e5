/**
 * A sum to solve before a second question goes out: it keeps simple scripts from using the page to
 * pester people. The sum is derived from the checkout and its attempt, so nothing has to be stored.
 */
import { createHmac } from 'node:crypto'
import type { Secret } from '../../kernel/index.ts'

export interface Captcha {
  /** `7 + 5` */
  readonly question: string
  readonly answer: string
}

export function captchaOf(key: Secret, checkoutId: string, attempt: number): Captcha {
  const bytes = createHmac('sha256', key.reveal())
    .update(`captcha:${checkoutId}:${attempt}`)
    .digest()
  const [a = 0, b = 0] = bytes
  const [left, right] = [2 + (a % 17), 2 + (b % 8)]
  return { question: `${left} + ${right}`, answer: String(left + right) }
}
