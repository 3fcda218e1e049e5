/**
 * Gives signed-in devices what they make their payment codes of, and takes the codes that tills read. A code is used
 * up when it is taken, whatever comes of the payment. All that cannot be taken looks the same from outside: too old,
 * mistyped, guessed, another's, or of somebody who may not pay.
 */
import { createHmac } from 'node:crypto'
import {
  checkCode,
  defaultPrefix,
  type Hmac,
  type PaymentCode,
  splitCode,
} from '@telepurse/payment-code'
import type { Database, Reader, Tx } from '../db/index.ts'
import {
  accept,
  type Clock,
  type FieldCipher,
  type Ids,
  type Msisdn,
  type Result,
  refuse,
  Secret,
} from '../kernel/index.ts'
import {
  countWrong as countGuess,
  isLocked,
  lockGuards,
  readGuards,
  saveGuards,
} from '../risk/index.ts'
import type { Session, SignIns } from '../sign-ins/index.ts'
import {
  type Alias,
  aheadMaxMs,
  aliasLifeMs,
  countWrong,
  isLive,
  poolSize,
  stepToTake,
  type Taken,
} from './alias.ts'
import {
  forgetAliases,
  insertAliases,
  lockAlias,
  lockAliases,
  revokeOlder,
  saveUses,
  saveWrong,
} from './alias-store.ts'

export interface CodeTools {
  readonly db: Database
  readonly clock: Clock
  readonly ids: Ids
  readonly cipher: FieldCipher
  readonly signIns: Pick<SignIns, 'lasting'>
  /** Those of these numbers whose money is frozen. */
  readonly frozenOf: (reader: Reader, msisdns: readonly Msisdn[]) => Promise<ReadonlySet<Msisdn>>
}

/** What a device makes its codes of. */
export interface Pool {
  readonly prefix: string
  /** 32 octets, base64url; told once. */
  readonly key: Secret
  readonly aliases: readonly string[]
  readonly expiresAt: number
}

export type TakeRefusal =
  | 'payment_code_refused'
  /** Only who has a right code learns that it was used. */
  | 'payment_code_used'
  | 'payment_codes_locked'

/** Who reads a code: wrong ones count against each of these. */
export interface Reading {
  readonly digits: string
  readonly client: string
  readonly till: string
}

const guardsOf = ({ client, till }: Pick<Reading, 'client' | 'till'>) => [
  `client:${client}`,
  `till:${till}`,
]

const purpose = 'payment code key'
const keyBytes = 32
const dayMs = 24 * 3_600_000

export type PaymentCodes = ReturnType<typeof createPaymentCodes>

export function createPaymentCodes({ db, clock, ids, cipher, signIns, frozenOf }: CodeTools) {
  const draw = () =>
    String(Buffer.from(ids.random(6)).readUIntBE(0, 6) % 1_000_000_000).padStart(9, '0')

  async function refuseGuess(tx: Tx, subjects: readonly string[]) {
    const guards = [...(await lockGuards(tx, subjects)).values()]
    saveGuards(
      tx,
      guards.map((guard) => countGuess(guard, clock.now())),
    )
    return refuse('payment_code_refused')
  }

  function hmacOf({ keySealed }: Alias): Hmac {
    const key = Buffer.from(cipher.open(purpose, keySealed).reveal(), 'base64url')
    return (message) => createHmac('sha256', key).update(message).digest()
  }

  /** Only what is plainly right; undefined for everything that has to be looked at alone. */
  async function plainlyTaken(alias: Alias | undefined, code: PaymentCode, now: number) {
    if (!alias || !isLive(alias, now)) return undefined
    const { aheadMs: deviceAheadMs } = alias
    try {
      const after = alias.lastStep ?? -1
      const steps = await checkCode(code, { hmac: hmacOf(alias), now, deviceAheadMs, after })
      return steps.ok ? stepToTake(alias, steps.value) : undefined
    } catch {
      // A key that does not open is the trouble of its own reading, which finds it again.
      return undefined
    }
  }

  return {
    /** A new pool for the device; the one before goes on for as long as its answer may have been lost. */
    async issue({ id: sessionId, msisdn }: Session, deviceTime: number): Promise<Pool> {
      const now = clock.now()
      const key = new Secret(Buffer.from(ids.random(keyBytes)).toString('base64url'))
      const keySealed = cipher.seal(purpose, key)
      const aheadMs = Math.max(-aheadMaxMs, Math.min(aheadMaxMs, deviceTime - now))
      const expiresAt = now + aliasLifeMs
      const common = { msisdn, sessionId, keySealed, aheadMs, issuedAt: now, expiresAt }
      const aliases = await db.transact(async (tx) => {
        const had: string[] = []
        while (had.length < poolSize)
          had.push(...(await insertAliases(tx, [{ ...common, alias: draw() }])))
        await revokeOlder(tx, sessionId, now)
        return had
      })
      return { prefix: defaultPrefix, key, aliases, expiresAt }
    },

    /**
     * Uses a code up. The caller commits either way, for wrong ones are counted; and writes down what it is for in
     * the same transaction.
     */
    async take(tx: Tx, { digits, client, till }: Reading): Promise<Result<Taken, TakeRefusal>> {
      const now = clock.now()
      const subjects = guardsOf({ client, till })
      const guards = await readGuards(tx, subjects)
      if (guards.some((guard) => isLocked(guard, now))) return refuse('payment_codes_locked')
      const code = splitCode(digits)
      // What could not be right is no guess.
      if (!code.ok) return refuse('payment_code_refused')
      const alias = await lockAlias(tx, code.value.alias)
      if (!alias || !isLive(alias, now)) return refuseGuess(tx, subjects)
      const { aheadMs: deviceAheadMs, msisdn, sessionId } = alias
      const after = alias.lastStep ?? -1
      const steps = await checkCode(code.value, { hmac: hmacOf(alias), now, deviceAheadMs, after })
      if (!steps.ok) {
        await saveWrong(tx, countWrong(alias, now))
        return refuseGuess(tx, subjects)
      }
      const step = stepToTake(alias, steps.value)
      if (step === undefined) return refuse('payment_code_used')
      const isSignedIn = (await signIns.lasting(tx, [{ id: sessionId, msisdn }])).has(sessionId)
      const isFrozen = (await frozenOf(tx, [msisdn])).has(msisdn)
      if (!isSignedIn || isFrozen) return refuse('payment_code_refused')
      saveUses(tx, [{ alias: alias.alias, step }], now)
      return accept({ msisdn, alias: alias.alias, step })
    },

    /**
     * Those of many readings that can be taken without a look at anything else, by their digits: codes of different
     * aliases, right, unused, of devices that are signed in and numbers that may pay. None of them is used up before
     * `use`; the others are left as they are, for `take`.
     */
    async plain(tx: Tx, readings: readonly Reading[]): Promise<Map<string, Taken>> {
      const now = clock.now()
      const codes = new Map<string, { readonly reading: Reading; readonly code: PaymentCode }>()
      for (const reading of readings) {
        const code = splitCode(reading.digits)
        if (code.ok) codes.set(code.value.alias, { reading, code: code.value })
      }
      const [guards, aliases] = await Promise.all([
        readGuards(tx, [...new Set(readings.flatMap(guardsOf))]),
        lockAliases(tx, [...codes.keys()]),
      ])
      const locked = new Set(guards.filter((one) => isLocked(one, now)).map((one) => one.subject))
      const right: (Taken & { readonly digits: string; readonly sessionId: string })[] = []
      for (const [alias, { reading, code }] of codes) {
        if (guardsOf(reading).some((subject) => locked.has(subject))) continue
        const found = aliases.get(alias)
        const step = await plainlyTaken(found, code, now)
        const { digits } = reading
        if (found && step !== undefined)
          right.push({ digits, alias, step, msisdn: found.msisdn, sessionId: found.sessionId })
      }
      const [lasting, frozen] = await Promise.all([
        signIns.lasting(
          tx,
          right.map(({ sessionId, msisdn }) => ({ id: sessionId, msisdn })),
        ),
        frozenOf(
          tx,
          right.map(({ msisdn }) => msisdn),
        ),
      ])
      const fit = right.filter((one) => lasting.has(one.sessionId) && !frozen.has(one.msisdn))
      return new Map(
        fit.map(({ digits, msisdn, alias, step }) => [digits, { msisdn, alias, step }]),
      )
    },

    /** Uses up what `plain` found, in the same transaction. */
    use: (tx: Tx, taken: readonly Taken[]): void => saveUses(tx, taken, clock.now()),

    tidy: (tx: Tx, now: number): Promise<void> => forgetAliases(tx, now - dayMs),
  }
}
