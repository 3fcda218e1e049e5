/** The table `wallet_pin`: all its SQL. */
import { int8s, type Reader, type Tx, texts } from '../db/index.ts'
import { bucketOf, type Msisdn } from '../kernel/index.ts'

export interface KeptPin {
  readonly msisdn: Msisdn
  readonly state: 'initial' | 'active'
  readonly salt: string
  readonly mac: string
  readonly keyVersion: number
  /** Since the last right one. */
  readonly wrong: number
  /** Of an initial one only. */
  readonly initialUntil: number | null
  readonly locked: { readonly at: number; readonly channel: string } | null
  readonly setAt: number
  /** Of the last try, when it was wrong and its request can come again. */
  readonly wrongAgain: string | null
}

interface Row {
  readonly msisdn: string
  readonly state: KeptPin['state']
  readonly salt: string
  readonly mac: string
  readonly key_version: number
  readonly wrong: number
  readonly initial_until: bigint | null
  readonly locked_at: bigint | null
  readonly locked_channel: string | null
  readonly set_at: bigint
  readonly wrong_again: string | null
}

const toPin = (row: Row): KeptPin => ({
  msisdn: row.msisdn,
  state: row.state,
  salt: row.salt,
  mac: row.mac,
  keyVersion: row.key_version,
  wrong: row.wrong,
  initialUntil: row.initial_until === null ? null : Number(row.initial_until),
  locked:
    row.locked_at === null
      ? null
      : { at: Number(row.locked_at), channel: row.locked_channel ?? '' },
  setAt: Number(row.set_at),
  wrongAgain: row.wrong_again,
})

const columns = `w.msisdn, w.state, w.salt, w.mac, w.key_version, w.wrong, w.initial_until, w.locked_at,
  w.locked_channel, w.set_at, w.wrong_again`

export async function readPin(reader: Reader, msisdn: Msisdn): Promise<KeptPin | undefined> {
  const [row] = await reader.query<Row>(
    {
      name: 'wallet_pin.read',
      text: `select ${columns} from wallet_pin w where bucket = $1 and msisdn = $2`,
    },
    [bucketOf(msisdn), msisdn],
  )
  return row && toPin(row)
}

/**
 * Holds the rows until the transaction ends, so that tries of one number come one after another; in one order,
 * so that two who hold several queue up.
 */
export async function lockPins(tx: Tx, msisdns: readonly Msisdn[]): Promise<KeptPin[]> {
  const rows = await tx.query<Row>(
    {
      name: 'wallet_pin.lock',
      text: `select ${columns} from wallet_pin w
        join unnest($1::int2[], $2::text[]) as u (bucket, msisdn)
          on w.bucket = u.bucket and w.msisdn = u.msisdn
        order by w.bucket, w.msisdn for update of w`,
    },
    [int8s(msisdns.map(bucketOf)), texts(msisdns)],
  )
  return rows.map(toPin)
}

export const lockPin = async (tx: Tx, msisdn: Msisdn): Promise<KeptPin | undefined> =>
  (await lockPins(tx, [msisdn]))[0]

export async function savePin(tx: Tx, pin: KeptPin): Promise<void> {
  await tx.query(
    {
      name: 'wallet_pin.save',
      text: `insert into wallet_pin (bucket, msisdn, state, salt, mac, key_version, wrong,
          initial_until, locked_at, locked_channel, set_at, wrong_again)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
        on conflict (bucket, msisdn) do update set
          state = excluded.state, salt = excluded.salt, mac = excluded.mac,
          key_version = excluded.key_version, wrong = excluded.wrong,
          initial_until = excluded.initial_until, locked_at = excluded.locked_at,
          locked_channel = excluded.locked_channel, set_at = excluded.set_at,
          wrong_again = excluded.wrong_again`,
    },
    [
      bucketOf(pin.msisdn),
      pin.msisdn,
      pin.state,
      pin.salt,
      pin.mac,
      pin.keyVersion,
      pin.wrong,
      pin.initialUntil,
      pin.locked?.at ?? null,
      pin.locked?.channel ?? null,
      pin.setAt,
      pin.wrongAgain,
    ],
  )
}

export async function deletePin(tx: Tx, msisdn: Msisdn): Promise<void> {
  await tx.query('delete from wallet_pin where bucket = $1 and msisdn = $2', [
    bucketOf(msisdn),
    msisdn,
  ])
}

export async function countPinsUnder(reader: Reader, version: number): Promise<bigint> {
  const [row] = await reader.query<{ count: bigint }>(
    'select count(*) as count from wallet_pin where key_version = $1',
    [version],
  )
  return row?.count ?? 0n
}
