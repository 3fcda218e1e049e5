/** Orders paid by a code that a merchant's till reads. */
export { type Outcome, outcomeOf, type Scan, type ScanName } from './scan.ts'
export {
  type CancelRefusal,
  createScans,
  type Funds,
  type ScanOrder,
  type ScanRefusal,
  type Scans,
  type ScanTools,
  type Seen,
  type Wish,
} from './scans.ts'
export { createScanWorker } from './settle.ts'
export { scanInvariants } from './verify.ts'
