/**
 * Tells merchants' endpoints what is due. A payment's events go to an endpoint in their order: the
 * later one waits until the earlier is delivered or dead. Every try has the same id and body.
 */
import { armJobs, type Database, type Job, settleJobs, type Worker } from '../../db/index.ts'
import type { Clock, FieldCipher, Secret } from '../../kernel/index.ts'
import { moveVersion } from '../../merchants/index.ts'
import type { HttpClient } from '../http-client/index.ts'
import { type KeptEndpoint, secretPurpose } from './endpoint.ts'
import { markGone, readEndpoints } from './endpoint-store.ts'
import { parseSubject, webhookJob, webhookTopic } from './recorder.ts'
import { afterTry, givenUp, isAccepted, isGone, type Progress } from './schedule.ts'
import { createSender } from './sender.ts'
import { signatureHeaders } from './signature.ts'
import { type DueDelivery, nextInOrder, readDue, saveProgress } from './store.ts'

export interface WebhookWorkerOptions {
  readonly db: Database
  readonly clock: Clock
  readonly client: HttpClient
  readonly cipher: FieldCipher
  /** A merchant took the news of a charge. Runs at least once, before the delivery is written off. */
  readonly onAccepted: (paymentId: string) => Promise<void>
  readonly onError: (error: unknown) => void
  readonly pollMs?: number
}

/** A later event looks again this long after the earlier one's try, should nobody wake it. */
const orderWaitMs = 5_000

export function createWebhookWorker(options: WebhookWorkerOptions): Worker {
  const { db } = options
  return createSender({
    ...options,
    topic: webhookTopic,
    async load(jobs) {
      const deliveries = await readDue(db, jobs.flatMap(keyOf))
      const endpoints = await readEndpoints(
        db,
        deliveries.map((delivery) => delivery.endpointId),
      )
      return new Map(
        deliveries.map((due) => [
          webhookJob(due, 0).subject,
          {
            receiver: due.endpointId,
            blockedUntil: due.earlierNextAt === null ? null : due.earlierNextAt + orderWaitMs,
            run: (job: Job) => tell(options, job, due, endpoints.get(due.endpointId)),
          },
        ]),
      )
    },
  })
}

/** One try, from the signature to the written result. Answers whether the receiver took it. */
async function tell(
  options: WebhookWorkerOptions,
  job: Job,
  due: DueDelivery,
  endpoint: KeptEndpoint | undefined,
): Promise<boolean> {
  const { clock, client, cipher, onAccepted } = options
  const now = clock.now()
  if (endpoint?.status !== 'on') {
    const reason = endpoint ? `endpoint_${endpoint.status}` : 'endpoint_removed'
    await settle(options, job, due, givenUp(due, reason, now))
    return true
  }
  const signature = signatureHeaders({
    id: due.eventId,
    at: now,
    body: due.body,
    secrets: secretsOf(endpoint, cipher, now),
  })
  const result = await client.send({
    method: 'POST',
    url: endpoint.url,
    headers: { 'content-type': 'application/json', ...signature },
    body: due.body,
  })
  const accepted = isAccepted(result)
  if (accepted && due.type === 'payment.charged') await onAccepted(due.paymentId)
  const progress = afterTry(due, result, clock.now())
  await settle(options, job, due, progress, isGone(result) ? endpoint : undefined)
  return accepted
}

async function settle(
  { db, clock }: WebhookWorkerOptions,
  job: Job,
  due: DueDelivery,
  progress: Progress,
  gone?: KeptEndpoint,
): Promise<void> {
  await db.transact(async (tx) => {
    // Before any other lock: whoever changes endpoints begins with this one.
    if (gone) {
      await moveVersion(tx)
      await markGone(tx, gone, clock.now())
    }
    // Restarted by hand, or sent by another process after our lease: then the job is theirs.
    if (!(await saveProgress(tx, due, progress))) return
    if (progress.nextAt !== null) {
      armJobs(tx, [webhookJob(due, progress.nextAt)])
      return
    }
    const next = await nextInOrder(tx, due)
    settleJobs(tx, [job])
    if (next) armJobs(tx, [webhookJob(next, clock.now())])
  })
}

function secretsOf(endpoint: KeptEndpoint, cipher: FieldCipher, now: number): Secret[] {
  const { secret, previousSecret, previousUntil } = endpoint
  const both = previousSecret !== null && now < (previousUntil ?? 0)
  const sealed = both ? [secret, previousSecret] : [secret]
  return sealed.map((text) => cipher.open(secretPurpose, text))
}

function keyOf(job: Job) {
  const key = parseSubject(job.subject)
  return key ? [{ bucket: job.bucket, ...key }] : []
}
