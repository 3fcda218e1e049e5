/** The key and the alias of the published example, and HMAC by Node itself, which knows nothing of WebCrypto. */
import { createHmac } from 'node:crypto'
import type { Hmac } from '../src/index.ts'

export const exampleKey = Uint8Array.from({ length: 32 }, (_, at) => at)
export const alias = '204915537'

export const hmacOf =
  (key: Uint8Array): Hmac =>
  (message) =>
    createHmac('sha256', key).update(message).digest()

/** The value of a result that must be one. */
export function valueIn<Value>(
  result: { readonly ok: true; readonly value: Value } | { readonly ok: false; refusal: unknown },
): Value {
  if (!result.ok) throw new Error(String(result.refusal))
  return result.value
}

/** What was refused, or `accepted`. */
export const refusalIn = (
  result: { readonly ok: true } | { readonly ok: false; readonly refusal: unknown },
): unknown => (result.ok ? 'accepted' : result.refusal)
