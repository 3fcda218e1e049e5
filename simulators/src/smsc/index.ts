export type { NetworkFaults } from './faults.ts'
export type { HandsetMessage } from './mailbox.ts'
export { type HandsetText, type HandsetTextRefusal, HandsetTextRefused } from './originated.ts'
export { smscRoutes } from './routes.ts'
export {
  createSmsc,
  type Smsc,
  type SmscChange,
  type SmscLimits,
  type SmscOptions,
} from './smsc.ts'
