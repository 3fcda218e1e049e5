/** Issues PINs, tells right ones from wrong ones, and counts. */
import { createCoalescer, type Database, type Tx } from '../db/index.ts'
import {
  accept,
  assert,
  type Clock,
  type Ids,
  type Msisdn,
  type Result,
  refuse,
  Secret,
} from '../kernel/index.ts'
import type { KeyStore } from '../keys/index.ts'
import type { Policy } from '../risk/index.ts'
import { lockSubscribers } from '../subscribers/index.ts'
import { barOf, tryPin } from './decide.ts'
import type { PinFacts, PinRefusal, WalletPins } from './pin.ts'
import { currentVersion, isRight, macOf, tryMacOf } from './pin-mac.ts'
import { deletePin, type KeptPin, lockPin, lockPins, readPin, savePin } from './store.ts'
import { weaknessOf } from './weak-pins.ts'

export interface WalletPinTools {
  readonly db: Database
  readonly keys: KeyStore
  readonly clock: Clock
  readonly ids: Pick<Ids, 'random'>
  readonly policy: () => Pick<Policy, 'pinTriesMax' | 'initialPinHours'>
}

interface PinTry {
  readonly msisdn: Msisdn
  readonly pin: Secret
  readonly channel: string
  readonly request?: string
}

const hourMs = 3_600_000

export function createWalletPins(tools: WalletPinTools): WalletPins {
  const { db, keys, clock, policy } = tools

  async function issue(tx: Tx, msisdn: Msisdn, facts: PinFacts): Promise<Secret> {
    const pin = drawPin(tools.ids, (digits) => weaknessOf(digits, msisdn, facts) === null)
    const now = clock.now()
    await savePin(tx, {
      ...{ msisdn, state: 'initial', ...macOf(tools, msisdn, pin), wrong: 0, locked: null },
      wrongAgain: null,
      ...{ initialUntil: now + policy().initialPinHours * hourMs, setAt: now },
    })
    return pin
  }

  /** One try: the caller holds the row, and what it did to the row is written, right or wrong. */
  async function tried(
    tx: Tx,
    row: KeptPin | undefined,
    { msisdn, pin, channel, request }: PinTry,
  ): Promise<Result<KeptPin, PinRefusal>> {
    const now = clock.now()
    const bar = barOf(row, now)
    if (bar || !row) return refuse(bar ?? { code: 'none' as const })
    const right = isRight(keys, row, pin)
    const mac = request === undefined ? null : tryMacOf(keys, row, pin, request)
    const triesMax = policy().pinTriesMax
    const outcome = tryPin(row, { right, channel, now, triesMax, mac })
    // Now that it is known once more, it moves under the newest key.
    const stale = right && row.keyVersion !== currentVersion(keys)
    const after = stale ? { ...outcome.pin, ...macOf(tools, msisdn, pin) } : outcome.pin
    if (after !== row) await savePin(tx, after)
    return outcome.refusal ? refuse(outcome.refusal) : accept(after)
  }

  const checks = createCoalescer<PinTry, Result<undefined, PinRefusal>>({
    now: clock.now,
    run: (tries) => db.transact((tx) => checkAll(tx, tries)),
  })

  /** Tries of one moment share a transaction; those of one number follow each other in it. */
  async function checkAll(
    tx: Tx,
    tries: readonly PinTry[],
  ): Promise<Result<undefined, PinRefusal>[]> {
    const numbers = [...new Set(tries.map(({ msisdn }) => msisdn))]
    const rows = new Map((await lockPins(tx, numbers)).map((row) => [row.msisdn, row]))
    const answers: Result<undefined, PinRefusal>[] = []
    for (const one of tries) {
      const row = rows.get(one.msisdn) ?? (await lockPin(tx, one.msisdn))
      // The next try of the number sees what this one wrote.
      rows.delete(one.msisdn)
      const after = await tried(tx, row, one)
      const isInitial = after.ok && after.value.state === 'initial'
      answers.push(
        isInitial ? refuse({ code: 'must_change' }) : after.ok ? accept(undefined) : after,
      )
    }
    return answers
  }

  return {
    async issueInitial(tx, msisdn, facts) {
      const line = (await lockSubscribers(tx, [msisdn], clock.now())).get(msisdn)
      assert(line && line.status !== 'closed', 'a PIN is for a number that is not closed')
      return issue(tx, msisdn, facts)
    },
    check: (msisdn, pin, channel, request) =>
      checks.submit({ msisdn, pin, channel, ...(request !== undefined && { request }) }),
    change: ({ msisdn, old, next, channel }, facts) =>
      db.transact(async (tx) => {
        // First, and counted: else the weakness of a new PIN would tell a stranger what the facts are.
        const row = await tried(tx, await lockPin(tx, msisdn), { msisdn, pin: old, channel })
        if (!row.ok) return row
        const weakness = weaknessOf(next.reveal(), msisdn, facts)
        if (weakness) return refuse({ code: 'weak', weakness })
        if (isRight(keys, row.value, next)) return refuse({ code: 'unchanged' })
        await savePin(tx, {
          ...{ ...row.value, ...macOf(tools, msisdn, next) },
          ...{ state: 'active', initialUntil: null, setAt: clock.now() },
        })
        return accept(undefined)
      }),
    async reset(tx, msisdn, facts) {
      if (!(await lockPin(tx, msisdn))) return refuse('none')
      return accept(await issue(tx, msisdn, facts))
    },
    release: deletePin,
    async stateOf(reader, msisdn) {
      const row = await readPin(reader, msisdn)
      if (!row) return undefined
      const { state, initialUntil, locked } = row
      const triesLeft = locked ? 0 : Math.max(1, policy().pinTriesMax - row.wrong)
      return { state, triesLeft, initialUntil, locked }
    },
  }
}

const pins = 1_000_000
/** The most draws of 32 bits that share out evenly among all PINs. */
const evenMax = Math.floor(2 ** 32 / pins) * pins

/** Each good PIN as likely as any other. */
function drawPin(ids: Pick<Ids, 'random'>, isGood: (pin: string) => boolean): Secret {
  for (;;) {
    const drawn = Buffer.from(ids.random(4)).readUInt32BE()
    const pin = String(drawn % pins).padStart(6, '0')
    if (drawn < evenMax && isGood(pin)) return new Secret(pin)
  }
}
