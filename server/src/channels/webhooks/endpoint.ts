/** Where a merchant wants to be told, and of what. */
import type { EventType } from './event.ts'

export interface Endpoint {
  readonly id: string
  readonly merchantId: string
  readonly url: string
  readonly description: string
  /** Empty: every type. */
  readonly eventTypes: readonly EventType[]
  /** `gone`: it answered 410 and is left alone until it is switched on again. */
  readonly status: 'on' | 'off' | 'gone'
  readonly createdAt: number
  readonly updatedAt: number
}

/** An endpoint with its sealed secrets; the previous one signs along until its time is over. */
export interface KeptEndpoint extends Endpoint {
  readonly secret: string
  readonly previousSecret: string | null
  readonly previousUntil: number | null
}

/** What the secrets are sealed for. */
export const secretPurpose = 'webhook_endpoint.secret'

export const takes = (endpoint: Endpoint, type: EventType): boolean =>
  endpoint.status === 'on' &&
  (endpoint.eventTypes.length === 0 || endpoint.eventTypes.includes(type))
