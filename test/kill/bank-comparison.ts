/** At rest: every card payment, top-up and withdrawal beside the banks' own books. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Reader } from '../../server/src/db/index.ts'
import type { BankName } from '../cards/banks.ts'
import { type BankLedger, createLedgers, type Ledgers } from '../simulation/bank-books.ts'
import { paymentRows } from '../simulation/both-books.ts'
import type { LineProcess } from './line-process.ts'
import type { Stage } from './stage.ts'

interface Shown {
  readonly name: BankName
  readonly transactions: ReturnType<BankLedger['transactions']>
  readonly complaints: string[]
  readonly own: ReturnType<BankLedger['ownBalances']>
  readonly cards: readonly { readonly pan: string; readonly balance: bigint }[]
}

export interface BankComparison {
  readonly ledgers: Ledgers
  /** Reads the banks' books, and says what is wrong. */
  compare(): Promise<string[]>
}

export function createBankComparison(reader: Reader, banks: LineProcess): BankComparison {
  const books = new Map<string, Shown>()
  const shown = (name: string) => {
    const found = books.get(name)
    if (!found) throw new Error(`the books of ${name} were not asked for`)
    return found
  }
  const ledgerOf = (name: BankName): BankLedger => ({
    transactions: () => shown(name).transactions,
    complaints: () => shown(name).complaints,
    ownBalances: () => shown(name).own,
    card: (pan) => shown(name).cards.find((one) => one.pan === pan),
  })
  const ledgers = createLedgers({
    reader,
    banks: { jiangcheng: ledgerOf('jiangcheng'), beichen: ledgerOf('beichen') },
  })
  return {
    ledgers,
    async compare() {
      for (const one of await banks.ask<Shown[]>({ ask: 'books' })) books.set(one.name, one)
      return ledgers.atTheEnd(await paymentRows(reader))
    },
  }
}

const open = `select (select count(*) from wallet_movement where state in ('requested', 'unknown'))
  + (select count(*) from bank_operation where state not in ('done', 'refused', 'reversed')) as open`

const hourMs = 3_600_000

/** Days go by until the banks' files have decided what nobody has answered; three at the most. */
export async function untilBanksHaveSaid({ reader, advance }: Stage): Promise<void> {
  for (let hours = 0; hours < 80; hours += 4) {
    for (let looks = 0; looks < 15; looks += 1) {
      const [row] = await reader.query<{ open: bigint }>(open)
      if (row?.open === 0n) return
      await sleep(100)
    }
    await advance(4 * hourMs)
  }
}
