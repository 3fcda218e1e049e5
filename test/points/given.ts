/** Points and rewards for tests, as the operator gives them. */
import type { Database } from '../../server/src/db/index.ts'
import {
  bucketOf,
  type Clock,
  type FieldCipher,
  type Msisdn,
  Secret,
} from '../../server/src/kernel/index.ts'
import {
  addReward,
  adjustPoints,
  type Reward,
  stockReward,
  type Tools,
} from '../../server/src/points/index.ts'

export interface Given {
  readonly db: Database
  readonly clock: Clock
  readonly pointsTools: Tools & { readonly cipher: FieldCipher }
}

const dayMs = 86_400_000

/** A reward with so many pieces, or these codes. */
export async function offerReward(
  { db, clock, pointsTools: tools }: Given,
  price: bigint,
  more: bigint | readonly string[],
  name = { zh: '代金券', en: 'Voucher' },
): Promise<Reward> {
  const kind: Reward['kind'] = typeof more === 'bigint' ? 'stock' : 'voucher'
  const times = { offeredFrom: clock.now(), offeredUntil: clock.now() + 1_000 * dayMs }
  const stocked = await db.transact(async (tx) => {
    const made = await addReward(tx, tools, { name, price, kind, ...times }, clock.now())
    if (!made.ok) return made
    const given = typeof more === 'bigint' ? more : more.map((code) => new Secret(code))
    const { id: rewardId } = made.value
    return stockReward(tx, tools, { id: rewardId, rewardId, more: given }, clock.now())
  })
  if (!stocked.ok) throw new Error(stocked.refusal)
  return stocked.value.reward
}

/** By an adjustment of two people; below zero they are taken. */
export async function givePoints(
  { db, clock, pointsTools: tools }: Given,
  { msisdn, walletId }: { readonly msisdn: Msisdn; readonly walletId: string },
  points: bigint,
): Promise<void> {
  const id = tools.ids.next(bucketOf(msisdn), clock.now())
  const people = { reason: 'x', askedBy: 'a', agreedBy: 'b' }
  const given = { id, walletId, points, ...people }
  const done = await db.transact((tx) => adjustPoints(tx, tools, given, clock.now()))
  if (!done.ok) throw new Error(done.refusal)
}
