/** What banks, billers and we see differently, and what people do about it. */
export { type Act, type ActState, type Asked, actStates, type DecisionRefusal } from './act.ts'
export { actsOf, findAct, searchActs } from './act-store.ts'
export {
  type AskedAct,
  type AskRefusal,
  askAct,
  askCompleteFile,
  type DecideRefusal,
  decideAct,
} from './acts.ts'
export type { BillerAct } from './biller-act.ts'
export { billerActsOf, findBillerAct, searchBillerActs } from './biller-act-store.ts'
export {
  askBillerAct,
  type BillerActTools,
  type BillerAskRefusal,
  type BillerDecideRefusal,
  decideBillerAct,
} from './biller-acts.ts'
export { billerDifferenceInvariants } from './biller-verify.ts'
export {
  type Difference,
  differenceKinds,
  differenceStates,
  resolutionActs,
  stepOf,
} from './difference.ts'
export {
  countUnresolved,
  findDifference,
  searchDifferences,
  type Unresolved,
} from './difference-store.ts'
export { dueDate, isOverdue, overdueBefore } from './overdue.ts'
export { reconciliationInvariants } from './verify.ts'
