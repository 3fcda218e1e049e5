/** The tables `sign_in_passkey`, `sign_in_challenge` and `sign_in_proof`: all their SQL. */
import { type Reader, type Tx, texts } from '../db/index.ts'
import { bucketOf, type Msisdn } from '../kernel/index.ts'

export interface Passkey {
  readonly credentialId: string
  readonly msisdn: Msisdn
  /** COSE, in Base64url. */
  readonly publicKey: string
  readonly counter: number
  readonly transports: readonly string[]
  readonly device: string
  readonly madeAt: number
  readonly usedAt: number | null
  /** Whoever made it knew the PIN: it may stand for it. */
  readonly madeWithPin: boolean
}

interface Row {
  readonly credential_id: string
  readonly msisdn: string
  readonly public_key: string
  readonly counter: bigint
  readonly transports: readonly string[]
  readonly device: string
  readonly made_at: bigint
  readonly used_at: bigint | null
  readonly made_with_pin: boolean
}

const columns = `credential_id, msisdn, public_key, counter, to_jsonb(transports) as transports, device,
  made_at, used_at, made_with_pin`

const toPasskey = (row: Row): Passkey => ({
  credentialId: row.credential_id,
  msisdn: row.msisdn,
  publicKey: row.public_key,
  counter: Number(row.counter),
  transports: row.transports,
  device: row.device,
  madeAt: Number(row.made_at),
  usedAt: row.used_at === null ? null : Number(row.used_at),
  madeWithPin: row.made_with_pin,
})

/** False when there is this credential already. */
export async function insertPasskey(tx: Tx, passkey: Passkey): Promise<boolean> {
  const made = await tx.query(
    `insert into sign_in_passkey (bucket, credential_id, msisdn, public_key, counter, transports, device, made_at,
       made_with_pin)
     values ($1, $2, $3, $4, $5::int8, $6::text[], $7, $8::int8, $9)
     on conflict (bucket, credential_id) do nothing returning credential_id`,
    [
      ...[bucketOf(passkey.msisdn), passkey.credentialId, passkey.msisdn, passkey.publicKey],
      ...[passkey.counter, texts(passkey.transports), passkey.device, passkey.madeAt],
      passkey.madeWithPin,
    ],
  )
  return made.length === 1
}

export async function passkeysOf(reader: Reader, msisdn: Msisdn): Promise<Passkey[]> {
  const rows = await reader.query<Row>(
    `select ${columns} from sign_in_passkey where bucket = $1 and msisdn = $2
     order by made_at, credential_id`,
    [bucketOf(msisdn), msisdn],
  )
  return rows.map(toPasskey)
}

export async function findPasskey(
  reader: Reader,
  { bucket, credentialId }: { readonly bucket: number; readonly credentialId: string },
): Promise<Passkey | undefined> {
  const [row] = await reader.query<Row>(
    `select ${columns} from sign_in_passkey where bucket = $1 and credential_id = $2`,
    [bucket, credentialId],
  )
  return row && toPasskey(row)
}

/**
 * Notes a signature. False when the passkey is gone, or its authenticator counted no further than before, as a
 * copy of it would.
 */
export async function usePasskey(
  tx: Tx,
  { credentialId, msisdn }: Pick<Passkey, 'credentialId' | 'msisdn'>,
  { counter, now }: { readonly counter: number; readonly now: number },
): Promise<boolean> {
  const used = await tx.query(
    `update sign_in_passkey set counter = $4::int8, used_at = $5::int8
     where bucket = $1 and credential_id = $2 and msisdn = $3
       and (counter < $4::int8 or (counter = 0 and $4::int8 = 0)) returning credential_id`,
    [bucketOf(msisdn), credentialId, msisdn, counter, now],
  )
  return used.length === 1
}

export async function deletePasskey(
  tx: Tx,
  { credentialId, msisdn }: Pick<Passkey, 'credentialId' | 'msisdn'>,
): Promise<boolean> {
  const gone = await tx.query(
    `delete from sign_in_passkey where bucket = $1 and credential_id = $2 and msisdn = $3
     returning credential_id`,
    [bucketOf(msisdn), credentialId, msisdn],
  )
  return gone.length === 1
}

export async function deletePasskeysOf(tx: Tx, msisdn: Msisdn): Promise<void> {
  await tx.query('delete from sign_in_passkey where bucket = $1 and msisdn = $2', [
    bucketOf(msisdn),
    msisdn,
  ])
}

export async function insertChallenge(
  tx: Tx,
  given: {
    readonly challenge: string
    /** The session a new passkey is for. */
    readonly sessionId: string | null
    /** Who asked knew the PIN. */
    readonly withPin: boolean
    readonly expiresAt: number
  },
): Promise<void> {
  await tx.query(
    'insert into sign_in_challenge (challenge, session_id, expires_at, with_pin) values ($1, $2, $3::int8, $4)',
    [given.challenge, given.sessionId, given.expiresAt, given.withPin],
  )
}

/** Uses a challenge up: whoever comes second finds none. Undefined, or whether who asked knew the PIN. */
export async function takeChallenge(
  tx: Tx,
  given: { readonly challenge: string; readonly sessionId: string | null; readonly now: number },
): Promise<{ readonly withPin: boolean } | undefined> {
  const [taken] = await tx.query<{ with_pin: boolean }>(
    `delete from sign_in_challenge
     where challenge = $1 and session_id is not distinct from $2::uuid and expires_at >= $3::int8
     returning with_pin`,
    [given.challenge, given.sessionId, given.now],
  )
  return taken && { withPin: taken.with_pin }
}

interface Proof {
  readonly bucket: number
  readonly mac: string
  readonly credentialId: string
}

/** Whether the passkey, which is still there, has confirmed it. */
export async function isProven(tx: Tx, { bucket, mac, credentialId }: Proof): Promise<boolean> {
  const rows = await tx.query(
    `select mac from sign_in_proof join sign_in_passkey using (bucket, credential_id)
     where bucket = $1 and mac = $2 and credential_id = $3`,
    [bucket, mac, credentialId],
  )
  return rows.length === 1
}

export async function insertProof(
  tx: Tx,
  { bucket, mac, credentialId, expiresAt }: Proof & { readonly expiresAt: number },
): Promise<void> {
  await tx.query(
    `insert into sign_in_proof (bucket, mac, credential_id, expires_at) values ($1, $2, $3, $4::int8)
     on conflict (bucket, mac) do nothing`,
    [bucket, mac, credentialId, expiresAt],
  )
}

export async function forgetChallenges(tx: Tx, now: number): Promise<void> {
  await tx.query('delete from sign_in_challenge where expires_at < $1::int8', [now])
  await tx.query('delete from sign_in_proof where expires_at < $1::int8', [now])
}
