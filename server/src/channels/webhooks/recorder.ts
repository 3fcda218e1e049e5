/** Writes down what merchants are to be told, in the transaction that makes it true. */
import { armJobs, type Database, type NewJob, type Tx } from '../../db/index.ts'
import type { Clock } from '../../kernel/index.ts'
import { createSnapshot, type Snapshot } from '../../merchants/index.ts'
import { type KeptEndpoint, takes } from './endpoint.ts'
import { readOpenEndpoints } from './endpoint-store.ts'
import { bodyOf, eventIdOf, type WebhookEvent } from './event.ts'
import { type DeliveryKey, insertDeliveries, insertEvents } from './store.ts'

export const webhookTopic = 'webhook.deliver'

export interface EventRecorder extends Pick<Snapshot<unknown>, 'refresh' | 'reload'> {
  /**
   * Writes the events that some endpoint takes, their deliveries and the jobs that send them, all
   * travelling with the commit. An event recorded before changes nothing. Endpoints are known from
   * memory, a second old at most: call `refresh` before the transaction.
   */
  record(tx: Tx, events: readonly WebhookEvent[]): void
  /** Whether an endpoint of the merchant takes events of this type. */
  isHeard(merchantId: string, type: WebhookEvent['type']): boolean
}

/** Resolves when the endpoints have been read once. */
export async function createEventRecorder(db: Database, clock: Clock): Promise<EventRecorder> {
  const { current, refresh, reload } = await createSnapshot({
    db,
    clock,
    load: async (reader) => byMerchant(await readOpenEndpoints(reader)),
  })
  const isHeard: EventRecorder['isHeard'] = (merchantId, type) =>
    (current().get(merchantId) ?? []).some((endpoint) => takes(endpoint, type))
  return {
    refresh,
    reload,
    isHeard,
    record(tx, events) {
      const heard = events.filter(({ merchantId, type }) => isHeard(merchantId, type))
      const rows = heard.map((event) => {
        const id = eventIdOf(event)
        return { ...event, id, body: bodyOf(id, event) }
      })
      const now = clock.now()
      const deliveries = rows.flatMap(({ id, ...event }) =>
        (current().get(event.merchantId) ?? [])
          .filter((endpoint) => takes(endpoint, event.type))
          .map((endpoint) => ({
            ...event,
            eventId: id,
            endpointId: endpoint.id,
            createdAt: now,
          })),
      )
      insertEvents(tx, rows)
      insertDeliveries(tx, deliveries)
      armJobs(
        tx,
        deliveries.map((delivery) => webhookJob(delivery, now)),
      )
    },
  }
}

export const webhookJob = (key: DeliveryKey, dueAt: number): NewJob => ({
  bucket: key.bucket,
  topic: webhookTopic,
  subject: `${key.eventId}.${key.endpointId}`,
  dueAt,
  payload: null,
})

/** The delivery a job or a caller names; undefined when the text names none. */
export function parseSubject(subject: string): { eventId: string; endpointId: string } | undefined {
  const uuid = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}'
  const [, eventId, endpointId] = new RegExp(`^(${uuid})\\.(${uuid})$`).exec(subject) ?? []
  return eventId && endpointId ? { eventId, endpointId } : undefined
}

function byMerchant(endpoints: readonly KeptEndpoint[]) {
  const found = new Map<string, KeptEndpoint[]>()
  for (const endpoint of endpoints) {
    const siblings = found.get(endpoint.merchantId)
    if (siblings) siblings.push(endpoint)
    else found.set(endpoint.merchantId, [endpoint])
  }
  return found
}
