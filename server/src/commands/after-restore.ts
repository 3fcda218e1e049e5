/**
 * `telepurse after-restore`: for a database that came back from a backup, before `serve`. What happened
 * after the backup is known to the carrier and not to us, and the numbers given then would be given
 * again: a charge under a number the carrier knows is answered with that other charge. So numbers go on
 * far beyond, what may have gone to a bank is held, and what has to be compared is said.
 */
import { holdPushes } from '../bank-cards/index.ts'
import type { Database } from '../db/index.ts'
import { systemClock } from '../kernel/index.ts'
import { asOfBackup, skipOrderNumbers } from '../payments/index.ts'
import { skipTraceNumbers } from '../rails/bank/index.ts'
import { holdAsked } from '../wallet/index.ts'
import { say } from './output.ts'
import { configOrStop, withDatabase } from './place.ts'

/** More than can have been ordered since any backup; order numbers have room for ninety such leaps. */
export const leap = 100_000_000n

export const afterRestore = (): Promise<void> => withDatabase(configOrStop(), settle)

async function settle(db: Database): Promise<void> {
  const next = await db.transact((tx) => skipOrderNumbers(tx, leap))
  const { lastEventAt, open } = await asOfBackup(db)
  say(`order numbers go on at ${next}: none that the carrier has seen comes again`)
  const held = await db.transact(async (tx) => {
    await skipTraceNumbers(tx)
    await holdPushes(tx, systemClock.now())
    return holdAsked(tx, systemClock.now())
  })
  if (held > 0n)
    say(
      `${held} × top-up or withdrawal: held as unknown and not sent; compare with the banks, and say what is found (/operator/movements/unknown)`,
    )
  if (lastEventAt === null) return say('no purchase is known')
  for (const { what, count } of open)
    say(`${count} × ${what}: asked for again under the same id, nothing is done twice`)
  say(
    `compare with the carrier all it charged, reversed and refunded since ${new Date(lastEventAt).toISOString()}`,
  )
}
