/**
 * A passkey in place of the PIN: its owner confirms one act with all that it says. What is signed is a MAC of ours over
 * session, number, act and content, good for two minutes; so what was confirmed is what is done, and by nobody else.
 * Nothing is kept until it is answered. Then it is, for a day: the authenticator counts each answer once, and the same
 * request, sent again because its answer was lost, is confirmed as it was.
 *
 *     asked ──signed in two minutes──▶ proven ──the same request again──▶ proven
 *
 * Only a passkey that was made by who knew the PIN may stand for it. That the PIN is not locked the caller sees.
 */
import { timingSafeEqual } from 'node:crypto'
import type { Database } from '../db/index.ts'
import {
  accept,
  bucketOf,
  type Clock,
  type FieldCipher,
  type Msisdn,
  type Result,
  refuse,
} from '../kernel/index.ts'
import { type Assertions, bytesOf, membersOf, type PasskeyAnswer } from './assertions.ts'
import { lockLive } from './begin.ts'
import {
  findPasskey,
  insertProof,
  isProven,
  type Passkey,
  passkeysOf,
  usePasskey,
} from './passkey-store.ts'
import type { Session } from './session.ts'

export interface ProofTools {
  readonly db: Database
  readonly clock: Clock
  readonly cipher: FieldCipher
  readonly assertions: Assertions
}

/** What is confirmed: both differ for whatever is not the same. */
export interface Confirmed {
  readonly act: string
  readonly content: string
}

/** How long somebody may look for his finger, with the amount before his eyes. */
const proofMs = 2 * 60_000
/** How long a request may be sent again. */
const provenMs = 86_400_000
/** An expiry in milliseconds, and an HMAC-SHA-256. */
const expiryBytes = 6
const challengeShape = /^[\w-]{51}$/

export function createPasskeyProofs({ db, clock, cipher, assertions }: ProofTools) {
  const mayProve = async (msisdn: Msisdn): Promise<Passkey[]> =>
    (await passkeysOf(db, msisdn)).filter(({ madeWithPin }) => madeWithPin)

  const macOf = ({ id, msisdn }: Session, { act, content }: Confirmed, expiresAt: number) =>
    cipher.mac('passkey proof', JSON.stringify([id, msisdn, act, content, expiresAt]))

  return {
    /** Whether the number has a passkey that may stand for its PIN. */
    canProve: async (msisdn: Msisdn): Promise<boolean> => (await mayProve(msisdn)).length > 0,

    async proofOptions(session: Session, confirmed: Confirmed) {
      const passkeys = await mayProve(session.msisdn)
      if (passkeys.length === 0) return refuse('passkey_none')
      const expiresAt = clock.now() + proofMs
      const challenge = challengeOf({ expiresAt, mac: macOf(session, confirmed, expiresAt) })
      const options = await assertions.ask({ challenge, timeout: proofMs, passkeys })
      return accept({ challenge, options })
    },

    /** One answer to whatever is wrong with it. */
    async prove(
      session: Session,
      confirmed: Confirmed,
      { challenge, response }: PasskeyAnswer,
    ): Promise<Result<undefined, 'passkey_refused'>> {
      const no = refuse('passkey_refused')
      const { msisdn } = session
      const bucket = bucketOf(msisdn)
      const expiresAt = expiryOf(challenge)
      const { id: credentialId } = membersOf(response)
      if (expiresAt === undefined || typeof credentialId !== 'string') return no
      const mac = macOf(session, confirmed, expiresAt)
      if (!isSame(challenge, challengeOf({ expiresAt, mac }))) return no
      const passkey = await findPasskey(db, { bucket, credentialId })
      if (passkey?.msisdn !== msisdn || !passkey.madeWithPin) return no
      const counter = await assertions.countOf({ challenge, response, passkey })
      if (counter === undefined) return no
      return db.transact(async (tx) => {
        const now = clock.now()
        if (!(await lockLive(tx, msisdn, now))) return no
        if (await isProven(tx, { bucket, mac, credentialId })) return accept(undefined)
        if (now > expiresAt || !(await usePasskey(tx, passkey, { counter, now }))) return no
        await insertProof(tx, { bucket, mac, credentialId, expiresAt: now + provenMs })
        return accept(undefined)
      })
    },
  }
}

function challengeOf({ expiresAt, mac }: { readonly expiresAt: number; readonly mac: string }) {
  const expiry = Buffer.alloc(expiryBytes)
  expiry.writeUIntBE(expiresAt, 0, expiryBytes)
  return Buffer.concat([expiry, Buffer.from(mac, 'hex')]).toString('base64url')
}

/** Undefined for what is no challenge of ours. */
const expiryOf = (challenge: string): number | undefined =>
  challengeShape.test(challenge)
    ? Buffer.from(bytesOf(challenge)).readUIntBE(0, expiryBytes)
    : undefined

/** Both have the shape of a challenge, and so one length. */
const isSame = (one: string, other: string): boolean =>
  timingSafeEqual(Buffer.from(one), Buffer.from(other))
