export { type CheckRefusal, checkCode } from './check.ts'
export {
  type CodeRefusal,
  defaultPrefix,
  type MakeRefusal,
  makeCode,
  type PaymentCode,
  splitCode,
} from './code.ts'
export { luhnDigit } from './luhn.ts'
export type { Hmac } from './otp.ts'
export type { Result } from './result.ts'
export { type HmacKey, importHmacKey, webCryptoHmac } from './web-crypto.ts'
