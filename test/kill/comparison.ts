/** After a kill: what was acknowledged, our books, and the carrier's. */
import { int8s, type Reader, texts, uuids } from '../../server/src/db/index.ts'
import { offencesIn } from '../books.ts'
import type { Acknowledged, Acknowledgement } from './acknowledged.ts'
import type { Buyers } from './buyers.ts'
import type { LineProcess } from './line-process.ts'

/** Those that are not there, in one statement; right at any moment, also under load. */
export async function lostOf(
  reader: Reader,
  acknowledged: readonly Acknowledgement[],
): Promise<string[]> {
  const rows = await reader.query<{ lost: string }>(
    `select format('%s %s', a.effect, a.id) as lost
     from unnest($1::text[], $2::uuid[], $3::int2[]) as a (effect, id, bucket)
     left join transfer t on a.effect = 'transfer' and t.bucket = a.bucket and t.id = a.id
     left join refund r on a.effect = 'refund' and r.bucket = a.bucket and r.id = a.id
     left join payment p on a.effect in ('order', 'yes', 'delivery')
       and p.bucket = a.bucket and p.id = a.id
     where case a.effect
       when 'transfer' then t.id is null
       when 'refund' then r.id is null
       when 'order' then p.id is null
       when 'yes' then p.confirmed_at is null
       else p.state is distinct from 'delivered' and p.state is distinct from 'refunded' end`,
    [
      texts(acknowledged.map(({ effect }) => effect)),
      uuids(acknowledged.map(({ id }) => id)),
      int8s(acknowledged.map(({ id }) => Number.parseInt(id.slice(-2), 16) % 64)),
    ],
  )
  return rows.map(({ lost }) => lost)
}

export interface Comparison {
  /** Acknowledged, and not charged or not refunded. */
  readonly lost: readonly string[]
  /** Orders with two payments, charges the carrier made beside our books, and transfers too many. */
  readonly doubled: readonly string[]
  /** Broken invariants, and totals that differ. */
  readonly offences: readonly string[]
  readonly charged: number
  /** Told after a day that nothing was charged; that the carrier has nothing of them is checked too. */
  readonly givenUp: number
}

interface Totals {
  readonly committed: readonly { readonly chargeId: string; readonly amount: bigint }[]
  readonly net: bigint
}

export interface Witnesses {
  readonly carrier: LineProcess
  readonly buyers: Buyers
  readonly acknowledged: Acknowledged
}

/** For when nobody is buying and nothing is on its way. */
export async function compare(reader: Reader, witnesses: Witnesses): Promise<Comparison> {
  const { buyers, acknowledged, carrier } = witnesses
  const theirs = await carrier.ask<Totals>({ ask: 'totals' })
  const sales = await reader.query<{ id: string; charge_id: string; amount: bigint }>(
    `select id, charge_id, amount from payment
      where charged_at is not null and source = 'phone_bill'`,
  )
  const returned = new Set(
    (await reader.query<{ id: string }>(`select id from refund where state = 'succeeded'`)).map(
      ({ id }) => id,
    ),
  )
  const givenUp = new Set(
    (
      await reader.query<{ id: string }>(
        `select id from payment where state in ('charge_failed', 'reversed')
           and reason = 'carrier_away' and ended_at - confirmed_at >= 86400000`,
      )
    ).map(({ id }) => id),
  )
  const charged = new Map(sales.map((sale) => [sale.charge_id, sale.amount]))
  const bought = new Set(sales.map((sale) => sale.id))
  const stray = theirs.committed.filter(({ chargeId, amount }) => charged.get(chargeId) !== amount)
  const offences = await offencesIn(reader)
  const net = await netOf(reader)
  if (net !== theirs.net) offences.push(`we say ${net}, the carrier says ${theirs.net}`)
  if (charged.size !== theirs.committed.length)
    offences.push(`${charged.size} charges here, ${theirs.committed.length} there`)
  return {
    lost: [
      ...[...buyers.paid].filter((id) => !bought.has(id) && !givenUp.has(id)),
      ...[...buyers.refunds].filter((id) => !returned.has(id)),
    ],
    doubled: [
      ...stray.map(({ chargeId }) => chargeId),
      ...(await twiceIn(reader)),
      ...(await surplusIn(reader, acknowledged)),
    ],
    offences,
    charged: charged.size,
    givenUp: givenUp.size,
  }
}

async function twiceIn(reader: Reader): Promise<string[]> {
  const rows = await reader.query<{ key: string }>(
    `select merchant_order_id as key from payment group by 1 having count(*) > 1
     union all
     select payment_id::text from refund where state <> 'denied' group by 1 having count(*) > 1`,
  )
  return rows.map(({ key }) => key)
}

/** Every list that was asked for is acknowledged by now, so the sink holds exactly a fen for each. */
async function surplusIn(reader: Reader, { counts }: Acknowledged): Promise<string[]> {
  const [row] = await reader.query<{ sum: bigint }>(
    `select coalesce(sum(credits_posted - debits_posted), 0)::int8 as sum from account
      where name like 'kill-sink:%'`,
  )
  const surplus = (row?.sum ?? 0n) - BigInt(counts.transfer)
  return surplus === 0n ? [] : [`${surplus} more transfers than were acknowledged`]
}

async function netOf(reader: Reader): Promise<bigint> {
  const [row] = await reader.query<{ net: bigint }>(
    `select coalesce(sum(debits_posted - credits_posted), 0)::int8 as net from account
      where name like 'carrier-receivable:%'`,
  )
  return row?.net ?? 0n
}

const forTheCarrier = `topic in ('payment.drive', 'payment.refund', 'payment.undo', 'payment.release')`

/** How much still waits for the carrier. */
export async function openCount(reader: Reader): Promise<number> {
  const [row] = await reader.query<{ count: bigint }>(
    `select count(*) from job where ${forTheCarrier}`,
  )
  return Number(row?.count ?? 0n)
}

/** What it is, in words; `now` is the time of the platform. */
export async function openWork(reader: Reader, now: number): Promise<string[]> {
  const rows = await reader.query<{ open: string }>(
    `select format('%s %s: %s tries, due in %s ms, first %s ms ago, payment %s', topic, subject,
       j.attempts, due_at - $1::int8, $1::int8 - first_due_at, p.state) as open
     from job j
     left join payment p on p.bucket = j.bucket and p.id::text = j.subject
     where ${forTheCarrier} order by due_at limit 10`,
    [now],
  )
  return rows.map(({ open }) => open)
}
