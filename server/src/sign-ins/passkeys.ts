/**
 * Passkeys (WebAuthn Level 3): a key of a device that its owner unlocks with face, finger or its own PIN. What it
 * signs is a challenge of ours, once, for our address alone; so there is nothing to be typed into a foreign page, and
 * nothing in a text to be read out. A passkey is made by whoever is signed in, names its number by itself, and outlives
 * a change of SIM: it was never in the SIM. Removed, it signs in no more, and what it began on other devices ends. Its
 * owner is texted of both, for it is a way into his wallet.
 */
import type { RegistrationResponseJSON } from '@simplewebauthn/server'
import { appendJobs, type Database, type NewJob } from '../db/index.ts'
import {
  accept,
  bucketCount,
  bucketOf,
  type Clock,
  type FieldCipher,
  type Ids,
  type Msisdn,
  masked,
  newToken,
  type Result,
  refuse,
} from '../kernel/index.ts'
import {
  bytesOf,
  createAssertions,
  library,
  membersOf,
  type PasskeyAnswer,
  rpIdOf,
} from './assertions.ts'
import { begin, lockLive } from './begin.ts'
import { createPasskeyProofs } from './passkey-proofs.ts'
import {
  deletePasskey,
  findPasskey,
  insertChallenge,
  insertPasskey,
  type Passkey,
  passkeysOf,
  takeChallenge,
  usePasskey,
} from './passkey-store.ts'
import type { Begun, Session } from './session.ts'
import { endSessionsOfPasskey } from './session-store.ts'

export interface PasskeyTools {
  readonly db: Database
  readonly clock: Clock
  readonly ids: Ids
  readonly cipher: FieldCipher
  /** Where this server is reached from outside: a passkey is for this address and no other. */
  readonly origin: string
  /** The job that brings the text of it. */
  readonly changeJob: (change: PasskeyChange, now: number) => NewJob
}

/** What the owner of a number is told of. */
export interface PasskeyChange {
  readonly to: Msisdn
  readonly language: 'zh' | 'en'
  readonly what: 'made' | 'removed'
}

/** How long somebody may look for his finger. */
const challengeMs = 5 * 60_000
/** A person has a few devices. */
export const passkeysMax = 10
/** ES256, RS256 and EdDSA: what phones and computers have. */
const algorithms = [-7, -8, -257]
const name = 'Telepurse'

export type Passkeys = ReturnType<typeof createPasskeys>

export function createPasskeys(tools: PasskeyTools) {
  const { db, clock, ids, cipher, origin, changeJob } = tools
  const rpId = rpIdOf(origin)
  const expected = { expectedOrigin: origin, expectedRPID: rpId, requireUserVerification: true }
  const assertions = createAssertions(origin)

  async function newChallenge(sessionId: string | null, withPin: boolean): Promise<string> {
    const challenge = newToken(ids).reveal()
    const expiresAt = clock.now() + challengeMs
    await db.transact((tx) => insertChallenge(tx, { challenge, sessionId, withPin, expiresAt }))
    return challenge
  }
  /** In a transaction of its own: it is used up, whatever comes of the rest. */
  const take = (challenge: string, sessionId: string | null) =>
    db.transact((tx) => takeChallenge(tx, { challenge, sessionId, now: clock.now() }))

  return {
    ...createPasskeyProofs({ ...tools, assertions }),

    /** `withPin`: whoever asks has shown it, and what is made may stand for it. */
    async registrationOptions({ id, msisdn }: Session, { withPin }: { withPin: boolean }) {
      const challenge = await newChallenge(id, withPin)
      const { generateRegistrationOptions } = await library()
      const options = await generateRegistrationOptions({
        ...{ rpName: name, rpID: rpId, userName: masked(msisdn), userDisplayName: masked(msisdn) },
        userID: handleOf(cipher, msisdn),
        challenge: bytesOf(challenge),
        attestationType: 'none',
        timeout: challengeMs,
        authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
        supportedAlgorithmIDs: algorithms,
        excludeCredentials: (await passkeysOf(db, msisdn)).map(
          ({ credentialId: id, transports }) => ({
            id,
            transports: [...transports],
          }),
        ),
      })
      return { challenge, options }
    },

    async register(
      { id, msisdn, device }: Session,
      { challenge, response }: PasskeyAnswer,
    ): Promise<Result<Passkey, 'passkey_refused' | 'too_many_passkeys'>> {
      const taken = await take(challenge, id)
      if (!taken) return refuse('passkey_refused')
      const { verifyRegistrationResponse } = await library()
      const info = await verifyRegistrationResponse({
        ...{ ...expected, expectedChallenge: challenge, supportedAlgorithmIDs: algorithms },
        response: response as RegistrationResponseJSON,
      }).then(
        (verified) => (verified.verified ? verified.registrationInfo : undefined),
        () => undefined,
      )
      if (!info) return refuse('passkey_refused')
      const { id: credentialId, publicKey, counter, transports = [] } = info.credential
      return db.transact(async (tx) => {
        const now = clock.now()
        const line = await lockLive(tx, msisdn, now)
        if (!line) return refuse('passkey_refused')
        if ((await passkeysOf(tx, msisdn)).length >= passkeysMax) return refuse('too_many_passkeys')
        const passkey: Passkey = {
          ...{ credentialId, msisdn, counter, device, madeAt: now, usedAt: null },
          madeWithPin: taken.withPin,
          publicKey: Buffer.from(publicKey).toString('base64url'),
          transports: transports.filter((one) => /^[a-z-]{1,20}$/.test(one)).slice(0, 10),
        }
        if (!(await insertPasskey(tx, passkey))) return refuse('passkey_refused')
        appendJobs(tx, [changeJob({ to: msisdn, language: line.language, what: 'made' }, now)])
        return accept(passkey)
      })
    },

    /** The same for everybody: the passkey itself says whose it is. */
    async signInOptions() {
      const challenge = await newChallenge(null, false)
      return { challenge, options: await assertions.ask({ challenge, timeout: challengeMs }) }
    },

    async signIn({
      challenge,
      response,
      device,
    }: PasskeyAnswer & { readonly device: string }): Promise<Result<Begun, 'passkey_refused'>> {
      const no = refuse('passkey_refused')
      if (!(await take(challenge, null))) return no
      const named = namedIn(response)
      const passkey = named && (await findPasskey(db, named))
      if (!passkey) return no
      const counter = await assertions.countOf({ challenge, response, passkey })
      if (counter === undefined) return no
      const { msisdn } = passkey
      return db.transact(async (tx) => {
        const now = clock.now()
        if (!(await lockLive(tx, msisdn, now))) return no
        if (!(await usePasskey(tx, passkey, { counter, now }))) return no
        const { credentialId } = passkey
        return accept(await begin(tools, tx, { msisdn, device, method: 'passkey', credentialId }))
      })
    },

    list: (msisdn: Msisdn): Promise<Passkey[]> => passkeysOf(db, msisdn),

    /** Under the lock of the number, so that no session begins by it beside its end. False when there is none. */
    remove: (session: Session, credentialId: string): Promise<boolean> =>
      db.transact(async (tx) => {
        const [now, { msisdn }] = [clock.now(), session]
        const line = await lockLive(tx, msisdn, now)
        if (!line || !(await deletePasskey(tx, { msisdn, credentialId }))) return false
        await endSessionsOfPasskey(tx, { credentialId, but: session, now })
        appendJobs(tx, [changeJob({ to: msisdn, language: line.language, what: 'removed' }, now)])
        return true
      }),
  }
}

/**
 * What an authenticator keeps of the user (§5.4.3): the bucket, so that a passkey is found without knowing the
 * number, and a keyed hash, so that nobody reads the number from a lost device.
 */
function handleOf(cipher: FieldCipher, msisdn: Msisdn) {
  const mac = Buffer.from(cipher.mac('passkey user', msisdn), 'hex')
  return Uint8Array.from([bucketOf(msisdn), ...mac.subarray(0, 16)])
}

/** Which passkey it says it is; undefined for what is no answer of an authenticator. */
function namedIn(answer: unknown) {
  const { id, response } = membersOf(answer)
  const { userHandle } = membersOf(response)
  if (typeof id !== 'string' || typeof userHandle !== 'string') return undefined
  const [bucket] = Buffer.from(userHandle, 'base64url')
  const isNamed = bucket !== undefined && bucket < bucketCount && /^[\w-]{1,1400}$/.test(id)
  return isNamed ? { bucket, credentialId: id } : undefined
}
