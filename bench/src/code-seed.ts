/** Payment codes of many customers, each signed in on one device. All are under one key: they differ all the same. */
import { importHmacKey, makeCode, webCryptoHmac } from '../../protocols/payment-code/src/index.ts'
import { type Database, int8s, texts, uuids } from '../../server/src/db/index.ts'
import { bucketOf, createFieldCipher, createIds, Secret } from '../../server/src/kernel/index.ts'

export const cipher = createFieldCipher(
  new Secret('a secret of the benchmark, long enough'),
  createIds(),
)

const key = Buffer.alloc(32, 7)
const purpose = 'payment code key'
const listLength = 5_000
const dayMs = 24 * 3_600_000

const aliasOf = (n: number): string => String(100_000_000 + n * 7)

export interface CodeSeed {
  readonly msisdns: readonly string[]
  /** Each is taken once in thirty seconds. */
  readonly aliasCount: number
  readonly now: number
}

export async function seedCodes(
  db: Database,
  { msisdns, aliasCount, now }: CodeSeed,
): Promise<void> {
  const ids = createIds()
  const sealed = cipher.seal(purpose, new Secret(key.toString('base64url')))
  const sessions = msisdns.map((msisdn) => ids.next(bucketOf(msisdn), now))
  await db.transact((tx) =>
    tx.query(
      `insert into sign_in_session
          (bucket, id, token_hash, msisdn, device, method, began_at, active_at)
        select b, s, encode(sha256(s::text::bytea), 'hex'), m, 'bench', 'code', $4::int8, $4::int8
        from unnest($1::int2[], $2::uuid[], $3::text[]) as u (b, s, m)`,
      [int8s(msisdns.map(bucketOf)), uuids(sessions), texts(msisdns), now],
    ),
  )
  for (let first = 0; first < aliasCount; first += listLength) {
    const all = Array.from(
      { length: Math.min(listLength, aliasCount - first) },
      (_, n) => first + n,
    )
    const aliases = all.map(aliasOf)
    const owners = all.map((n) => n % msisdns.length)
    await db.transact((tx) =>
      tx.query(
        `insert into payment_code_alias
            (bucket, alias, msisdn, session_id, key_sealed, ahead_ms, issued_at, expires_at)
          select b, a, m, s, $5, 0, $6::int8, $7::int8
          from unnest($1::int2[], $2::text[], $3::text[], $4::uuid[]) as u (b, a, m, s)`,
        [
          ...[int8s(aliases.map(bucketOf)), texts(aliases)],
          texts(owners.map((n) => msisdns[n] ?? '')),
          uuids(owners.map((n) => sessions[n] ?? '')),
          ...[sealed, now, now + dayMs],
        ],
      ),
    )
  }
}

/** Orders of a till for one code after the other. */
export async function scanOf(aliasCount: number): Promise<(n: number) => Promise<string>> {
  const hmac = webCryptoHmac(await importHmacKey(new Uint8Array(key)))
  return async (n) => {
    const made = await makeCode({ alias: aliasOf(n % aliasCount), hmac, now: Date.now() })
    if (!made.ok) throw new Error(`no code: ${made.refusal}`)
    return `{"code":"${made.value}","amount":"100","orderId":"S-${n}"}`
  }
}
