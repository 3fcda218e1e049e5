/** Customers' sign-ins, and the texts with their codes. */
import type { CodeText as ConsentCode } from '../channels/oauth/index.ts'
import {
  appendJobs,
  createWorker,
  eachJob,
  type Job,
  type JobOutcome,
  settleJobs,
  type Worker,
} from '../db/index.ts'
import { bucketOf, Secret } from '../kernel/index.ts'
import type { KeyStore } from '../keys/index.ts'
import { type Outgoing, secretText, serviceNumber, topics, webService } from '../payments/index.ts'
import {
  codeLifeMs,
  createPasskeys,
  createSignIns,
  type Passkeys,
  type SignIns,
  type SignInTools,
} from '../sign-ins/index.ts'
import { findSubscriber } from '../subscribers/index.ts'
import { walletService } from '../wallet/index.ts'
import type { Core } from './core.ts'

/** Codes that wait to be told whether their number is one of ours. */
const topic = 'sign_in.code'

interface Waiting {
  readonly text: Outgoing
  /** Whoever waits for it has given up. */
  readonly until: number
}

type Tools = Omit<SignInTools, 'codeJob'> & { readonly keys: KeyStore }

export const openSignIns = (tools: Tools): SignIns =>
  createSignIns({
    ...tools,
    codeJob({ to, code, language, minutes }, now) {
      const text = { to, from: walletService, language, paymentId: null }
      const notice = { id: 'app_code', minutes } as const
      const id = tools.ids.next(bucketOf(to), now)
      const job = secretText(tools.keys, { ...text, id, notice, code }, now)
      const waiting: Waiting = { text: job.payload as Outgoing, until: now + codeLifeMs }
      return { ...job, topic, payload: waiting }
    },
  })

export const openPasskeys = (
  { db, clock, ids, cipher }: Pick<Core, 'db' | 'clock' | 'ids' | 'cipher'>,
  origin: string,
): Passkeys =>
  createPasskeys({
    ...{ db, clock, ids, cipher, origin },
    changeJob({ to, language, what }, now) {
      const bucket = bucketOf(to)
      const notice = { id: `passkey_${what}` } as const
      const payload: Outgoing = { to, from: walletService, language, notice, paymentId: null }
      return { bucket, topic: topics.sms, subject: ids.next(bucket, now), dueAt: now, payload }
    },
  })

/** Sends codes to numbers that are the carrier's and not closed; to others nothing, and nobody is told. */
export function codeWorker({
  db,
  clock,
  log,
  knowNumber,
}: Pick<Core, 'db' | 'clock' | 'log' | 'knowNumber'>): Worker {
  const onError = (error: unknown) => log.error({ err: error, topic }, 'a code cannot be sent')
  async function handle(job: Job): Promise<JobOutcome> {
    const { text, until } = job.payload as Waiting
    if (clock.now() > until) return { kind: 'done' }
    await knowNumber(text.to)
    await db.transact(async (tx) => {
      const now = clock.now()
      const line = await findSubscriber(tx, text.to, now)
      if (line && line.status !== 'closed')
        appendJobs(tx, [{ ...job, topic: topics.sms, dueAt: now, payload: text }])
      settleJobs(tx, [job])
    })
    return { kind: 'settled' }
  }
  return createWorker({
    ...{ db, clock, topic, onError, batch: 16 },
    handler: eachJob({ clock, handle, onError }),
  })
}

/** The code with which a customer lets a merchant charge the phone bill; it travels sealed like the others. */
export async function sendSignInCode({ db, clock, ids, keys }: Core, text: ConsentCode) {
  const { to, language, merchant, minutes, code } = text
  const now = clock.now()
  const about = { to, from: serviceNumber(webService), language, paymentId: null }
  const notice = { id: 'sign_in_code', merchant, minutes } as const
  const id = ids.next(bucketOf(to), now)
  const job = secretText(keys, { ...about, id, notice, code: new Secret(code) }, now)
  await db.transact(async (tx) => appendJobs(tx, [job]))
}
