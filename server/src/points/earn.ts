/**
 * The points of one purchase, made what they should be: it does not matter how often it is asked for, nor whether
 * the refund is heard of before the charge. Points stand by the programme that was in force when it was paid.
 */
import type { Tx } from '../db/index.ts'
import type { Msisdn } from '../kernel/index.ts'
import { findPayment, type Payment } from '../payments/index.ts'
import { lockSubscribers } from '../subscribers/index.ts'
import { readPurses } from '../wallet/index.ts'
import { changePoints, type Tools } from './change.ts'
import { type Earning, earningOf, insertEarning, saveTaken } from './earning-store.ts'
import { goodUntil, pointsFor } from './points.ts'
import { programmeAt } from './programme-store.ts'

export async function settlePurchase(
  tx: Tx,
  tools: Tools,
  { bucket, id, msisdn }: { readonly bucket: number; readonly id: string; readonly msisdn: Msisdn },
  now: number,
): Promise<void> {
  await lockSubscribers(tx, [msisdn], now)
  const [payment, earning] = await Promise.all([
    findPayment(tx, { bucket, id }),
    earningOf(tx, { bucket, paymentId: id }),
  ])
  if (!payment) return
  if (earning) await takeBack(tx, tools, { payment, earning, now })
  else await earn(tx, tools, payment, now)
}

async function earn(tx: Tx, tools: Tools, payment: Payment, now: number): Promise<void> {
  const { bucket, id: paymentId, msisdn, chargedAt, source } = payment
  if (chargedAt === null) return
  const programme = await programmeAt(tx, chargedAt)
  if (!programme?.isOn || !programme.sources.includes(source)) return
  const earned = pointsFor(payment.amount - payment.refunded, programme.perYuan)
  const walletId = await walletOf(tx, payment, chargedAt)
  if (earned === 0n || walletId === undefined) return
  const expiresOn = goodUntil(tools.time.dateOf(chargedAt))
  const { perYuan } = programme
  insertEarning(tx, { bucket, paymentId, walletId, perYuan, earned, taken: 0n, expiresOn })
  const holder = { walletId, bucket, msisdn }
  const lot = { expiresOn, points: earned }
  await changePoints(tx, tools, holder, { now, decide: (pocket) => pocket.earn(lot, paymentId) })
}

async function takeBack(
  tx: Tx,
  tools: Tools,
  given: { readonly payment: Payment; readonly earning: Earning; readonly now: number },
): Promise<void> {
  const { payment, earning, now } = given
  const { walletId, earned, taken, perYuan, expiresOn } = earning
  const kept = pointsFor(payment.amount - payment.refunded, perYuan)
  const points = earned - taken - kept
  if (points <= 0n) return
  saveTaken(tx, { ...earning, taken: taken + points })
  const { bucket, msisdn, id } = payment
  await changePoints(...[tx, tools, { walletId, bucket, msisdn }], {
    now,
    decide: (pocket) => pocket.takeBack({ expiresOn, points }, id),
  })
}

/** The one that paid; else the one its owner had at that time. What has ended takes nothing more. */
async function walletOf(
  tx: Tx,
  { purse, msisdn }: Payment,
  chargedAt: number,
): Promise<string | undefined> {
  const names = purse ? { walletIds: [purse.walletId] } : { numbers: [msisdn] }
  const [found] = await readPurses(tx, names)
  if (!found || found.state === 'closed' || found.releasedAt !== null) return undefined
  return found.openedAt <= chargedAt ? found.walletId : undefined
}
