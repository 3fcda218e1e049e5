/**
 * What happened to payments leaves through the outbox, for whoever tells merchants and clients of it.
 * The events of a batch share a few rows: a row for each would cost more than the event itself.
 */
import type { NewJob } from '../db/index.ts'
import { topics } from './topics.ts'
import type { PaymentEvent } from './traces.ts'

/** As many as a notifier works through in one go; one that cannot be told holds up no more than these. */
const eventsMax = 100

/** An event as it travels: a job of topic `payment.event` holds a list of them. */
export type TravellingEvent = Omit<PaymentEvent, 'merchantId' | 'client'> &
  Partial<Pick<PaymentEvent, 'merchantId' | 'client'>>

export function eventJobs(events: readonly TravellingEvent[]): NewJob[] {
  const jobs: NewJob[] = []
  for (let from = 0; from < events.length; from += eventsMax) {
    const some = events.slice(from, from + eventsMax)
    const first = some[0] as TravellingEvent
    jobs.push({
      bucket: first.bucket,
      topic: topics.event,
      // An event is in one row only, so its name names the row.
      subject: `${first.paymentId}:${first.seq}`,
      dueAt: first.at,
      payload: some,
    })
  }
  return jobs
}
