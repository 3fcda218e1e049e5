export type { BerObject } from './consumer/ber.ts'
export { type ConsumerCode, makeConsumerCode, readConsumerCode } from './consumer/code.ts'
export { type ConsumerData, consumerTemplate } from './consumer/data.ts'
export { describeConsumerCode } from './consumer/describe.ts'
export { type AmountRefusal, readAmount, writeAmount } from './merchant/amounts.ts'
export {
  type AdditionalData,
  type DataObject,
  type LocalName,
  type MerchantCode,
  objectIn,
  type SchemeAccount,
  type Template,
  type Tip,
} from './merchant/code.ts'
export { describeMerchantCode } from './merchant/describe.ts'
export { makeMerchantCode } from './merchant/make.ts'
export { type ReadMerchantCode, readMerchantCode } from './merchant/read.ts'
export type { Reason, Refusal } from './refusal.ts'
export type { Result } from './result.ts'
