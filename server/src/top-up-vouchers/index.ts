/** Top-up vouchers (充值卡): value on a card, for whoever brings its code. The front door. */
export { listBatches } from './batch-store.ts'
export {
  activateVouchers,
  endVouchers,
  makeBatch,
  requestBatch,
  type Stepped,
} from './batches.ts'
export { printedSerial } from './code.ts'
export {
  createTopUpVouchers,
  type TopUpVouchers,
  type TopUpVouchersOptions,
} from './create-top-up-vouchers.ts'
export { readPrinterKey, sealedFile } from './print-file.ts'
export {
  amountMax,
  type Batch,
  type BatchRefusal,
  batchStates,
  countMax,
  type Use,
  type UseRefusal,
} from './top-up-voucher.ts'
export type { Used, Using } from './use.ts'
export { topUpVoucherInvariants } from './verify.ts'
export { type Counts, countsOf } from './voucher-store.ts'
export { topUpVoucherWords } from './words.ts'
