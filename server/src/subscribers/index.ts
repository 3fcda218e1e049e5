export {
  changeStatus,
  findSubscriber,
  findSubscribers,
  introduce,
  lockSubscribers,
  type Release,
  type SignOut,
  setLanguage,
  setOwnLimits,
  simChanged,
} from './commands.ts'
export type { KeptSubscriber, OwnLimits, PendingLimits } from './own-limits.ts'
export { raiseWaitMs } from './own-limits.ts'
export { foreignUntil, type LineFacts, saveLastYes } from './store.ts'
export { coolOffUntil, type Subscriber } from './subscriber.ts'
