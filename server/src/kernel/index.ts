export { bucketCount, bucketOf } from './bucket.ts'
export {
  type BusinessDate,
  type BusinessTime,
  createBusinessTime,
  isBusinessDate,
} from './business-time.ts'
export { holdsCardNumber, isCardNumber, maskCardNumbers } from './card-number.ts'
export { type Clock, manualClock, systemClock } from './clock.ts'
export { createFieldCipher, type FieldCipher } from './field-cipher.ts'
export { createGate, type Gate } from './gate.ts'
export { bucketOfId, createIds, earliestId, type Ids } from './ids.ts'
export { createTurns } from './in-turn.ts'
export { type Amount, type Currency, format, parse, shareHalfUp } from './money.ts'
export { type Msisdn, masked, national, parseMsisdn } from './msisdn.ts'
export { isTokenShape, newToken, tokenHash } from './opaque-token.ts'
export { accept, assert, type Result, refuse } from './result.ts'
export { isSamePerson } from './same-person.ts'
export { Secret } from './secret.ts'
export { SecretBytes } from './secret-bytes.ts'
export { sixDigits } from './six-digits.ts'
