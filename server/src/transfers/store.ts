/** The tables of transfers: what is asked of them beyond ids and keys, and their history. */

import type { Record } from '../db/fields.ts'
import { type NewJob, type Reader, type Statement, type Tx, texts, uuids } from '../db/index.ts'
import { createTable, idColumns, type Page, type RequestKey } from '../db/table-store.ts'
import { bucketOf, bucketOfId, earliestId, type Msisdn } from '../kernel/index.ts'
import { createHistory } from '../wallet/index.ts'
import type { Contact } from './contact.ts'
import {
  contactFields,
  type KeptSplit,
  type KeptTransfer,
  mandateFields,
  packetFields,
  partFields,
  requestFields,
  shareFields,
  splitFields,
  transferFields,
} from './rows.ts'
import { type Noun, type Timer, topics } from './topics.ts'

export const tables = {
  transfer: createTable('wallet_transfer', transferFields),
  contact: createTable('wallet_contact', contactFields),
  request: createTable('wallet_request', requestFields),
  mandate: createTable('wallet_mandate', mandateFields),
  split: createTable('wallet_split', splitFields),
  share: createTable('wallet_split_share', shareFields),
  packet: createTable('wallet_packet', packetFields),
  part: createTable('wallet_packet_part', partFields),
} as const

const lockKeyStatement: Statement = {
  name: 'wallet_request.lock_key',
  text: 'select pg_advisory_xact_lock(hashtextextended($1, 45))',
}

/** Nobody else comes to what this key stands for until the transaction ends, be it there yet or not. */
export const lockKey = async (tx: Tx, { msisdn, key }: RequestKey): Promise<void> =>
  void (await tx.query(lockKeyStatement, [`${msisdn}|${key}`]))

export interface Pair {
  readonly walletId: string
  readonly payeeWalletId: string
}

const pairsStatement: Statement = {
  name: 'wallet_contact.of_pairs',
  text: `select ${tables.contact.list}
    from unnest($1::int2[], $2::uuid[], $3::uuid[]) as k (bucket, wallet_id, payee_wallet_id)
    cross join lateral (
      select * from wallet_contact w where w.bucket = k.bucket and w.wallet_id = k.wallet_id
        and w.payee_wallet_id = k.payee_wallet_id offset 0
    ) t`,
}

export const contactsOf = async (reader: Reader, pairs: readonly Pair[]): Promise<Contact[]> =>
  pairs.length === 0
    ? []
    : (
        await reader.query<Record>(pairsStatement, [
          ...idColumns(pairs.map(({ walletId }) => walletId)),
          uuids(pairs.map(({ payeeWalletId }) => payeeWalletId)),
        ])
      ).map(tables.contact.rowOf)

const splitsOfPaymentsStatement: Statement = {
  name: 'wallet_split.of_payments',
  text: `select ${tables.split.list} from unnest($1::int2[], $2::uuid[]) as k (bucket, payment_id)
    cross join lateral (
      select * from wallet_split w where w.bucket = k.bucket and w.payment_id = k.payment_id
        and exists (
          select from wallet_split_share h where h.bucket = w.bucket and h.split_id = w.id
            and h.state in ('unpaid', 'paid')
        ) offset 0
    ) t`,
}

/** Bills that come from these payments, where somebody owes a share or has paid one. */
export const splitsOfPayments = async (
  reader: Reader,
  paymentIds: readonly string[],
): Promise<KeptSplit[]> =>
  paymentIds.length === 0
    ? []
    : (await reader.query<Record>(splitsOfPaymentsStatement, idColumns(paymentIds))).map(
        tables.split.rowOf,
      )

const waitingStatement: Statement = {
  name: 'wallet_transfer.waiting',
  text: `select ${tables.transfer.list} from unnest($1::text[]) as k (payee)
    cross join lateral (
      select * from wallet_transfer w
      where w.payee = k.payee and w.state = 'waiting_claim' offset 0
    ) t order by t.requested_at, t.id`,
}

/** What waits for somebody with one of these numbers to open a wallet, the oldest first. */
export const waitingFor = async (
  reader: Reader,
  msisdns: readonly Msisdn[],
): Promise<KeptTransfer[]> =>
  msisdns.length === 0
    ? []
    : (await reader.query<Record>(waitingStatement, [texts(msisdns)])).map(tables.transfer.rowOf)

// By wallet and id together: by id alone a planner without statistics would read the bucket's whole day.
const sentStatement: Statement = {
  name: 'wallet_transfer.sent_since',
  text: `select k.id::text as id, t.sent from unnest($1::int2[], $2::uuid[]) as k (bucket, id)
    cross join lateral (
      select count(*) as sent from wallet_transfer w
      where w.bucket = k.bucket and w.wallet_id = k.id and (w.wallet_id, w.id) >= (k.id, $3::uuid)
        and w.requested_at >= $4::int8
    ) t`,
}

/** An id is made this much before its transfer at most. */
const idLeadMs = 60_000

/** How many transfers each of these wallets has begun since then. */
export async function sentSince(
  reader: Reader,
  walletIds: readonly string[],
  since: number,
): Promise<Map<string, number>> {
  if (walletIds.length === 0) return new Map()
  const values = [...idColumns(walletIds), earliestId(since - idLeadMs), since]
  const rows = await reader.query<{ id: string; sent: bigint }>(sentStatement, values)
  return new Map(rows.map(({ id, sent }) => [id, Number(sent)]))
}

const tiesStatement: Statement = {
  name: 'wallet_transfer.ties',
  text: `select k.id::text as id from unnest($1::int2[], $2::uuid[]) as k (bucket, id)
    where exists (
        select from wallet_transfer t where t.bucket = k.bucket and t.wallet_id = k.id
          and t.state in ('delayed', 'waiting_claim')
      ) or exists (
        select from wallet_packet p where p.bucket = k.bucket and p.wallet_id = k.id
          and p.state = 'open'
      )`,
}

/** Those of these wallets to which money may still come back. */
export async function tiedWallets(
  reader: Reader,
  walletIds: readonly string[],
): Promise<Set<string>> {
  if (walletIds.length === 0) return new Set()
  const rows = await reader.query<{ id: string }>(tiesStatement, idColumns(walletIds))
  return new Set(rows.map(({ id }) => id))
}

/** Each part goes through an index of its own. */
const thingsStatement: Statement = {
  name: 'wallet_transfer.things_of',
  text: `select 'transfer' as noun, bucket, id, msisdn, array[payee] as others,
        array[wallet_id] as wallets
      from wallet_transfer where payee = $2 and state = 'waiting_claim'
    union
    select 'request', bucket, id, msisdn, array[payer], array[]::uuid[]
      from wallet_request where bucket = $1 and msisdn = $2 and state = 'open'
    union
    select 'request', bucket, id, msisdn, array[payer], array[]::uuid[]
      from wallet_request where payer = $2 and state = 'open'
    union
    select 'mandate', bucket, id, msisdn, array[payee], array[]::uuid[]
      from wallet_mandate where bucket = $1 and msisdn = $2 and state = 'active'
    union
    select 'mandate', bucket, id, msisdn, array[payee], array[]::uuid[]
      from wallet_mandate where payee = $2 and state = 'active'
    union
    select 'split', s.bucket, s.id, s.msisdn, array(
        select h.msisdn from wallet_split_share h where h.bucket = s.bucket and h.split_id = s.id
      ), array[s.wallet_id]
      from (
        select bucket, id from wallet_split where bucket = $1 and msisdn = $2 and state = 'open'
        union
        select bucket, split_id from wallet_split_share where msisdn = $2 and state = 'unpaid'
      ) o join wallet_split s on s.bucket = o.bucket and s.id = o.id`,
}

interface Thing {
  readonly noun: Noun
  readonly bucket: number
  readonly id: string
  readonly msisdn: Msisdn
  readonly others: readonly Msisdn[]
  readonly wallets: readonly string[]
}

/** What hangs on a number and must be looked at now that it is given up: its timers, due at once. */
export async function thingsOf(reader: Reader, msisdn: Msisdn, now: number): Promise<NewJob[]> {
  const rows = await reader.query<Thing>(thingsStatement, [bucketOf(msisdn), msisdn])
  return rows.map(({ noun, bucket, id, msisdn: first, others, wallets }) => {
    const payload: Timer = { numbers: [first, ...others], walletIds: wallets }
    return { bucket, topic: topics[noun], subject: id, dueAt: now, payload }
  })
}

/** Transfers from a wallet and to it, newest first. */
export async function transfersOfWallet(
  reader: Reader,
  walletId: string,
  { before, limit }: Page,
): Promise<KeptTransfer[]> {
  const list = tables.transfer.list
  const part = (condition: string) => `(select ${list} from wallet_transfer t
    where ${condition} and ($3::uuid is null or t.id < $3::uuid) order by t.id desc limit $4)`
  const rows = await reader.query<Record>(
    {
      name: 'wallet_transfer.list',
      text: `select * from (${part('t.bucket = $1 and t.wallet_id = $2')} union all
        ${part('t.payee_wallet_id = $2')}) t order by id desc limit $4`,
    },
    [bucketOfId(walletId) ?? -1, walletId, before ?? null, limit],
  )
  return rows.map(tables.transfer.rowOf)
}

/** What happened to a transfer, request, mandate, bill or packet. */
export const history = createHistory('wallet_transfer_event')
