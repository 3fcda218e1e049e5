/**
 * Whole purchases over SMPP: text, question, yes, charge at the carrier, receipt. Counted is a receipt
 * in the handset.
 */
import type { LoadPlan, LoadResult } from './load.ts'
import { type Figure, figureOf } from './report.ts'
import { withStage } from './stage.ts'

const plan: LoadPlan = { customers: 500, warmMs: 4_000, roundMs: 5_000, rounds: 3 }

export async function measureSms(): Promise<readonly Figure[]> {
  return withStage(async ({ surroundings, db, cpu, postgres }) => {
    const before = cpu()
    const result: LoadResult = await surroundings.ask('buy', { plan })
    const figure = figureOf({
      name: 'sms purchases',
      load: `${plan.customers} handsets, ${postgres}`,
      result,
      cpu: { before, after: cpu() },
    })
    const [row] = await db.query<{ paid: bigint }>(
      'select count(*) as paid from payment where charged_at is not null',
    )
    return [{ ...figure, inDatabase: Number(row?.paid ?? 0) }]
  })
}
