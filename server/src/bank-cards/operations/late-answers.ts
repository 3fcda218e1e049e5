/** Takes an answer that nobody waits for to the message it belongs to. */
import type { BankFileKind } from '../bank-file.ts'
import { exchangeKey } from '../exchange-key.ts'
import type { LateAnswer } from '../late-answer.ts'
import { exchangeByKey, exchangesOf } from './exchange-store.ts'
import { hold, save } from './save.ts'
import { situationOf } from './settle.ts'
import { settleLate } from './settle-late.ts'
import type { OperationTools } from './tools.ts'

/** Within this no exchange comes a second time, and no answer comes later. */
export const keyDays = 40
const dayMs = 86_400_000

const answers: Readonly<Record<BankFileKind, string>> = {
  ...{ purchase: '0210', credit: '0210', void: '0210', refund: '0230', reversal: '0430' },
}

export function createLateAnswers(tools: OperationTools) {
  const { db, clock, bankOf, log } = tools
  return async (bank: string, late: LateAnswer): Promise<void> => {
    const { meaning, code, trace } = late
    const slot = bankOf(bank)
    if (!slot || meaning === 'unclear') return
    const since = clock.now() - keyDays * dayMs
    const found = await exchangeByKey(db, { bank, key: exchangeKey(late.exchange), since })
    if (!found || answers[found.kind] !== late.mti) return
    if (meaning === 'approved' && late.amount !== found.amount) {
      log.error(
        { bank, operation: found.operationId, alarm: 'late_amount_differs' },
        'bank operation',
      )
      return
    }
    await db.transact(async (tx) => {
      const held = await hold(tx, found.operationId)
      const all = held ? await exchangesOf(tx, held.operation) : []
      const sent = all.find(({ no }) => no === found.no)
      if (!held || !sent) return
      const { operation, debit } = held
      const situation = situationOf(operation, sent, { all, now: clock.now() })
      const settlement = settleLate(situation, { meaning, code, trace })
      const { longestMs } = slot
      if (settlement) await save(tx, tools, { situation, debit, settlement, longestMs })
    })
  }
}
