export {
  changeStatus,
  findSubscriber,
  findSubscribers,
  introduce,
  lockSubscribers,
  setOwnLimits,
} from './commands.ts'
export type { KeptSubscriber, OwnLimits, PendingLimits } from './own-limits.ts'
export { raiseWaitMs } from './own-limits.ts'
export { type LineFacts, saveLastYes } from './store.ts'
export type { Subscriber } from './subscriber.ts'
