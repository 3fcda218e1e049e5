/** What must hold of PINs, whatever the program did. */
import type { Database } from '../db/index.ts'
import { type Invariant, invariant } from '../ledger/index.ts'
import { pinKey } from './pin.ts'
import { countPinsUnder } from './store.ts'

export const pinInvariants: readonly Invariant[] = [
  invariant(
    'pins_are_of_live_numbers',
    'No number that is closed or unknown has a PIN: whoever has it next must not meet it.',
    `select format('a PIN set at %s is of a number that is closed or unknown', p.set_at) as example
     from wallet_pin p where not exists (
       select from subscriber s
       where s.bucket = p.bucket and s.msisdn = p.msisdn and s.status <> 'closed')`,
  ),
]

/** How many PINs could no longer be checked without a version of the key: their owners would need new ones. */
export const pinsUnder = (
  db: Database,
  { name, version }: { readonly name: string; readonly version: number },
): Promise<bigint> => (name === pinKey ? countPinsUnder(db, version) : Promise.resolve(0n))
