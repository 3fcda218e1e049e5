/**
 * Takes texts from the outbox to the gateway. A text that may or may not have been taken is sent again:
 * a question or an answer read twice does no harm, one never read does. Nothing is given up before its
 * time: while the gateway is away, texts wait in the table.
 */
import {
  createWorker,
  type Database,
  eachJob,
  type Job,
  type JobOutcome,
  type Log,
} from '../../db/index.ts'
import type { Clock, Msisdn } from '../../kernel/index.ts'
import type { KeyStore } from '../../keys/index.ts'
import { type Outgoing, openedNotice, topics } from '../../payments/index.ts'
import {
  handsetAddress,
  type OutgoingMessage,
  type SmppLink,
  type SubmitResult,
  serviceAddress,
} from './smpp/index.ts'
import type { SmsLog } from './sms-log.ts'
import { recordOf, textOf } from './texts.ts'

export interface OutboundOptions {
  readonly db: Database
  readonly clock: Clock
  readonly link: Pick<SmppLink, 'submitParts' | 'state'>
  readonly smsLog: SmsLog
  /** Opens what a text has sealed. */
  readonly keys: Pick<KeyStore, 'open'>
  readonly gateway: string
  /** Ask the gateway for delivery receipts. */
  readonly receipts: boolean
  readonly concurrency: number
  /** A number of the sandbox: its texts are kept whole but for what was sealed, and go to no gateway. */
  readonly isTestNumber: (msisdn: Msisdn) => boolean
  readonly log: Log
}

const second = 1_000
const taken: SubmitResult = {
  outcome: { outcome: 'done', messageId: '' },
  messageIds: [],
  parts: 1,
}
/** In a batch. Of all batches together no more than the link lets wait, or texts would come back unsent. */
const textsAtOnce = 200
/** A text nobody could take for two days says nothing true any more. */
const giveUpMs = 48 * 3_600 * second

export function createOutbound(options: OutboundOptions) {
  const { db, clock, link, gateway, log } = options
  const submit = (message: OutgoingMessage, test: boolean): Promise<SubmitResult> =>
    test ? Promise.resolve(taken) : link.submitParts(message)
  const handle = async (job: Job): Promise<JobOutcome> => {
    const outgoing = job.payload as Outgoing
    const text = textOf(openedNotice(options.keys, job.subject, outgoing), outgoing.language)
    const test = options.isTestNumber(outgoing.to)
    const { outcome, messageIds, parts } = await submit(
      {
        source: serviceAddress(outgoing.from),
        destination: handsetAddress(outgoing.to),
        text,
        receipt: options.receipts,
        reference: Number.parseInt(job.subject.slice(-4), 16),
      },
      test,
    )
    const refused = outcome.outcome === 'refused' && !passing(outcome.name)
    const sentAt = Number.parseInt(job.subject.replace('-', '').slice(0, 12), 16)
    if (outcome.outcome !== 'done' && !refused && clock.now() - sentAt < giveUpMs)
      return { kind: 'again', dueAt: clock.now() + delay(job.attempts, outcome.outcome) }
    if (refused) log.warn({ gateway, status: outcome.name }, 'the gateway refused a text')
    await options.smsLog.record(
      {
        bucket: job.bucket,
        id: job.subject,
        direction: 'out',
        msisdn: outgoing.to,
        service: outgoing.from,
        text: test && !outgoing.sealed ? text : recordOf(outgoing.notice, outgoing.language),
        parts,
        state: outcome.outcome === 'done' ? 'accepted' : refused ? 'refused' : 'given_up',
        gateway,
        paymentId: outgoing.paymentId,
        at: clock.now(),
        partIds: options.receipts ? messageIds.filter((id) => id !== '') : [],
      },
      job,
    )
    return { kind: 'settled' }
  }
  const onError = (error: unknown) =>
    log.error({ err: error, topic: topics.sms }, 'a text could not be handled')
  return createWorker({
    db,
    clock,
    topic: topics.sms,
    batch: textsAtOnce,
    leaseMs: 120 * second,
    concurrency: options.concurrency,
    isReady: () => link.state().bound,
    handler: eachJob({ clock, handle, onError }),
    onError,
  })
}

/** Statuses that say "not now" in other words than throttling. */
const passing = (name: string) =>
  ['ESME_RSYSERR', 'ESME_RMSGQFUL', 'ESME_RTHROTTLED', 'ESME_RSUBMITFAIL'].includes(name)

function delay(attempt: number, outcome: string): number {
  if (outcome === 'throttled') return 500
  return Math.min(attempt, 15) * 2 * second
}
