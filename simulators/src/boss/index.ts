export type { Change as BossChange, LineState, MerchantTotal } from './billing.ts'
export type { BillKind } from './book.ts'
export { type Boss, type BossOptions, createBoss } from './boss.ts'
export type {
  Fault as CarrierFault,
  FaultKind as CarrierFaultKind,
  Verb as CarrierVerb,
} from './fault.ts'
export type { ChargeAnswer, ChargeContent, LineStatus, NewLine } from './line.ts'
export type { BillLineView, BillPage, LineView } from './line-view.ts'
export { bossRoutes } from './routes.ts'
