/** Sends a delivery again on a person's word: same id, same body, all tries anew. */
import { armJobs, type Tx } from '../../db/index.ts'
import { accept, type Result, refuse } from '../../kernel/index.ts'
import { readEndpoints } from './endpoint-store.ts'
import { webhookJob } from './recorder.ts'
import { begun } from './schedule.ts'
import { type Delivery, type DeliveryKey, readDelivery, restart } from './store.ts'

export type ResendRefusal = 'delivery_not_found' | 'endpoint_not_on'

/** A pending one is tried now instead of at its next time. */
export async function resend(
  tx: Tx,
  command: DeliveryKey & { readonly merchantId: string },
  now: number,
): Promise<Result<Delivery, ResendRefusal>> {
  const delivery = await readDelivery(tx, command)
  if (delivery?.merchantId !== command.merchantId) return refuse('delivery_not_found')
  const endpoints = await readEndpoints(tx, [command.endpointId])
  if (endpoints.get(command.endpointId)?.status !== 'on') return refuse('endpoint_not_on')
  await restart(tx, delivery, now)
  armJobs(tx, [webhookJob(delivery, now)])
  const { state, attempts, nextAt, endedAt } = begun(now)
  return accept({ ...delivery, state, attempts, nextAt, endedAt })
}
