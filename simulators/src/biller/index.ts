export { type AccountView, type Billers, type BillersOptions, createBillers } from './billers.ts'
export type { BillItem, NewAccount, NewBiller, PaymentView } from './contract.ts'
export {
  type Fault as BillerFault,
  type FaultKind as BillerFaultKind,
  faultKinds as billerFaultKinds,
} from './fault.ts'
export { billerRoutes } from './routes.ts'
