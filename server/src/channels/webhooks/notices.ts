/**
 * Notices to an address that a request named, for example a CloudEvents sink: the same client, lanes
 * and schedule as webhooks, but no endpoint, no signature and no order. Any 2xx ends one, and so does
 * 410. Headers are sealed at rest, for they may hold an access token of the caller's.
 */
import {
  armJobs,
  type Database,
  type Job,
  type NewJob,
  settleJobs,
  type Tx,
  type Worker,
} from '../../db/index.ts'
import { type Clock, type FieldCipher, Secret } from '../../kernel/index.ts'
import type { HttpClient } from '../http-client/index.ts'
import {
  insertNotices,
  type NoticeKey,
  type NoticeRow,
  readDueNotices,
  saveNoticeProgress,
} from './notice-store.ts'
import { afterTry, givenUp, isAccepted, type Progress } from './schedule.ts'
import { createSender } from './sender.ts'

const noticeTopic = 'notice.deliver'
const headersPurpose = 'notice_delivery.headers'

export interface Notice {
  readonly bucket: number
  /** The same id is sent once, whatever is recorded under it later. */
  readonly id: string
  /** POST without it. */
  readonly method?: 'POST' | 'PUT'
  readonly url: string
  /** With the content type; an access token as a Secret. */
  readonly headers: Readonly<Record<string, string | Secret>>
  readonly body: string
  /** No try is made at or after this instant (ms): a token in the headers has expired by then. */
  readonly goodUntil?: number | null
}

/** Writes notices and the jobs that send them, all travelling with the commit. */
export function recordNotices(
  tx: Tx,
  notices: readonly Notice[],
  { cipher, now }: { readonly cipher: FieldCipher; readonly now: number },
): void {
  if (notices.length === 0) return
  const rows = notices.map((notice) => ({
    ...notice,
    method: notice.method ?? 'POST',
    headers: cipher.seal(headersPurpose, new Secret(JSON.stringify(plain(notice.headers)))),
    goodUntil: notice.goodUntil ?? null,
    createdAt: now,
  }))
  insertNotices(tx, rows)
  armJobs(
    tx,
    rows.map((row) => noticeJob(row, now)),
  )
}

export interface NoticeWorkerOptions {
  readonly db: Database
  readonly clock: Clock
  readonly client: HttpClient
  readonly cipher: FieldCipher
  readonly onError: (error: unknown) => void
  readonly pollMs?: number
}

export function createNoticeWorker(options: NoticeWorkerOptions): Worker {
  return createSender({
    ...options,
    topic: noticeTopic,
    async load(jobs) {
      const keys = jobs.map((job) => ({ bucket: job.bucket, id: job.subject }))
      const due = await readDueNotices(options.db, keys)
      return new Map(
        due.map((notice) => [
          notice.id,
          {
            receiver: originOf(notice.url),
            blockedUntil: null,
            run: (job: Job) => deliverNotice(options, job, notice),
          },
        ]),
      )
    },
  })
}

/** One try. A receiver is no worse for a notice whose time was over: that counts as taken. */
async function deliverNotice(
  options: NoticeWorkerOptions,
  job: Job,
  notice: NoticeRow,
): Promise<boolean> {
  const { clock, client, cipher } = options
  const now = clock.now()
  if (notice.goodUntil !== null && now >= notice.goodUntil) {
    await settle(options, job, notice, givenUp(notice, 'token_expired', now))
    return true
  }
  const headers = cipher.open(headersPurpose, notice.headers).reveal()
  const result = await client.send({
    method: notice.method,
    url: notice.url,
    headers: JSON.parse(headers) as Record<string, string>,
    body: notice.body,
  })
  await settle(options, job, notice, afterTry(notice, result, clock.now()))
  return isAccepted(result)
}

async function settle(
  { db }: NoticeWorkerOptions,
  job: Job,
  notice: NoticeRow,
  progress: Progress,
): Promise<void> {
  await db.transact(async (tx) => {
    if (!(await saveNoticeProgress(tx, notice, progress))) return
    if (progress.nextAt === null) settleJobs(tx, [job])
    else armJobs(tx, [noticeJob(notice, progress.nextAt)])
  })
}

/** A Secret prints as dots on purpose; here its value leaves for the sealed column. */
const plain = (headers: Notice['headers']) =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : value.reveal(),
    ]),
  )

const noticeJob = (key: NoticeKey, dueAt: number): NewJob => ({
  bucket: key.bucket,
  topic: noticeTopic,
  subject: key.id,
  dueAt,
  payload: null,
})

const originOf = (url: string) => (URL.canParse(url) ? new URL(url).origin : 'nowhere')
