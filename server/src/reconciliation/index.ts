/** What banks and we see differently, and what people do about it. */
export { type Act, type ActState, actStates, type DecisionRefusal } from './act.ts'
export { actsOf, findAct, searchActs } from './act-store.ts'
export {
  type AskedAct,
  type AskRefusal,
  askAct,
  askCompleteFile,
  type DecideRefusal,
  decideAct,
} from './acts.ts'
export {
  type Difference,
  differenceKinds,
  differenceStates,
  resolutionActs,
} from './difference.ts'
export {
  countUnresolved,
  findDifference,
  searchDifferences,
  type Unresolved,
} from './difference-store.ts'
export { dueDate, isOverdue, overdueBefore } from './overdue.ts'
export { reconciliationInvariants } from './verify.ts'
