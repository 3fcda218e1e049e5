export { type CodeGuard, codeLockMs, countWrong, isLocked } from './code-guard.ts'
export { forgetGuards, lockGuards, readGuards, saveGuards } from './code-guard-store.ts'
export { type CodeProof, codeDay, codeRoom } from './code-limit.ts'
export {
  type Addition,
  addToCounters,
  type CounterKey,
  type Counters,
  cardDay,
  counterName,
  isOverMaximum,
  lockCounters,
  merchantDay,
  numberDay,
  numberMonth,
  readCounters,
  saveCounters,
  walletDay,
  walletEver,
  walletPeriods,
  walletYear,
} from './counter-store.ts'
export { type Counting, openCounting } from './counting.ts'
export {
  explainLimits,
  type Limit,
  type LimitExplanation,
  type LimitFacts,
  type LimitRefusal,
} from './explain.ts'
export {
  type ListEntry,
  type ListHit,
  type Listing,
  listingsOf,
  parseSubject,
  type Subject,
  type SubjectKind,
  subjectKinds,
} from './list.ts'
export { type AddRefusal, addEntry, listHits, removeEntry } from './lists.ts'
export { createPolicy, type LivePolicy, setPolicy } from './policies.ts'
export { defaultPolicy, type Policy } from './policy.ts'
export { type PolicyName, type PolicyRefusal, policyNames } from './policy-rules.ts'
export { type EntryFilter, searchEntries } from './store.ts'
