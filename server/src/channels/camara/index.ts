/** CAMARA Carrier Billing over HTTP: the front door. */

export { defaultRate, type Rate } from '../http/index.ts'
export type { CamaraDependencies } from './dependencies.ts'
export {
  type CloudEvent,
  cloudEventFor,
  refundEventFor,
  type SinkDependencies,
  type SinkRequest,
  sinkRequestFor,
  sinkRequestForRefund,
} from './notices.ts'
export { camaraRoutes } from './routes.ts'
export { sandboxCarrier, sandboxCarrierName } from './sandbox/carrier.ts'
export { isSandboxNumber, sandboxNumbers } from './sandbox/numbers.ts'
export type { SandboxMessage, SandboxMessages } from './sandbox/routes.ts'
