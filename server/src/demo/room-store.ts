/** What the operator's limits leave a number: the page shows it beside the phone. */
import type { Parts } from '../compose.ts'
import { bucketOf, type Msisdn } from '../kernel/index.ts'

export async function roomLeft({ db, time, policy }: Parts, msisdn: Msisdn, now: number) {
  const rows = await db.query<{ period: string; used: bigint }>(
    'select period, used from limit_counter where bucket = $1 and subject = $2',
    [bucketOf(msisdn), `number:${msisdn}`],
  )
  const used = new Map(rows.map((row) => [row.period, row.used]))
  const left = (limit: bigint, period: string) => {
    const rest = limit - (used.get(period) ?? 0n)
    return rest > 0n ? rest : 0n
  }
  const month = left(policy.current().monthLimit, `M${time.monthOf(now)}`)
  const day = left(policy.current().dayLimit, `D${time.dateOf(now)}`)
  return { leftToday: (day < month ? day : month).toString(), leftThisMonth: month.toString() }
}
