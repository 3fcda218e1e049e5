/**
 * Carrier billing needs no enrolment (CB-1): a number that texts for the first time is asked about at
 * its carrier and remembered. A number we hold for suspended is asked about again, for it may have
 * paid its bill since. This is the only question before an order that leaves the house.
 */
import { createCoalescer, type Database, type Log } from '../db/index.ts'
import { type Clock, type Msisdn, masked } from '../kernel/index.ts'
import {
  changeStatus,
  findSubscribers,
  introduce,
  type KeptSubscriber,
  type Release,
} from '../subscribers/index.ts'
import type { Carrier } from './carrier.ts'

export interface KnownNumbersOptions {
  readonly db: Database
  readonly clock: Clock
  readonly carrier: Pick<Carrier, 'line'>
  /** For a number that the carrier calls closed. */
  readonly release: Release
  readonly log: Log
}

const rememberMs = 3_600_000
const rememberMax = 200_000

/** The carrier could not say who a number is: an order of it must come again. */
export class CarrierAway extends Error {
  override readonly name = 'CarrierAway'
}

/**
 * Makes sure the number is known if the carrier knows it; the checks refuse it if not. Throws
 * `CarrierAway` when nobody can say.
 */
export function createKnownNumbers(options: KnownNumbersOptions) {
  const { db, clock, carrier, release, log } = options
  /** Numbers seen active lately, with the time until which they are not looked at again. */
  const active = new Map<Msisdn, number>()
  const remember = (msisdn: Msisdn) => {
    if (active.size >= rememberMax) active.clear()
    active.set(msisdn, clock.now() + rememberMs)
  }
  /** Numbers that text at the same time are looked up in one query. */
  const lookups = createCoalescer<Msisdn, KeptSubscriber | undefined>({
    now: clock.now,
    async run(msisdns) {
      const found = await findSubscribers(db, msisdns, clock.now())
      return msisdns.map((msisdn) => found.get(msisdn))
    },
  })
  return async (msisdn: Msisdn): Promise<void> => {
    if ((active.get(msisdn) ?? 0) > clock.now()) return
    const now = clock.now()
    const known = await lookups.submit(msisdn)
    if (known?.status === 'active') return remember(msisdn)
    const answer = await carrier.line(msisdn)
    if (answer.outcome !== 'done') {
      log.warn(
        { msisdn: masked(msisdn), outcome: answer.outcome },
        'the carrier could not say who this is',
      )
      if (known || answer.outcome === 'refused') return
      throw new CarrierAway('the carrier cannot be asked about a new number')
    }
    const line = answer.value
    if (!known || known.status === 'closed') await introduce(db, line, now)
    else if (known.status !== line.status)
      await db.transact((tx) => changeStatus(tx, { msisdn, status: line.status }, { now, release }))
    if (line.status === 'active') remember(msisdn)
  }
}
