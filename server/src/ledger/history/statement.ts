/** What an account held at an instant, and how it got from one instant to another. */
import type { Reader } from '../../db/index.ts'
import { assert } from '../../kernel/index.ts'
import type { AccountAfter } from '../transfer.ts'
import { accountHistory, type HistoryLine, lineAt, pageMax } from './store.ts'
import type { AccountId } from './sums-store.ts'

const unopened: AccountAfter = {
  version: 0n,
  debitsPending: 0n,
  debitsPosted: 0n,
  creditsPending: 0n,
  creditsPosted: 0n,
}

/** The account after everything that happened at or before `at` (ms). */
export async function balanceAt(
  reader: Reader,
  account: AccountId,
  at: number,
): Promise<AccountAfter> {
  return afterOf(await lineAt(reader, account, at))
}

export interface AccountStatement {
  readonly account: AccountId
  readonly opening: AccountAfter
  readonly lines: readonly HistoryLine[]
  readonly closing: AccountAfter
}

/** More lines than anyone reads; a caller that needs them all pages through `accountHistory`. */
export const statementLinesMax = 100_000

/**
 * Everything in `from <= time < to` (ms). The opening balance and the lines make the closing one.
 */
export async function statement(
  reader: Reader,
  account: AccountId,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<AccountStatement> {
  const opening = await balanceAt(reader, account, from - 1)
  const closing = to <= from ? opening : await balanceAt(reader, account, to - 1)
  const count = Number(closing.version - opening.version)
  assert(count <= statementLinesMax, 'a statement is short enough to be made at once')
  const lines: HistoryLine[] = []
  // Lines never change and have no gap, so that pages read one after the other fit together.
  for (let after = opening.version; after < closing.version; after += BigInt(pageMax))
    lines.push(...(await accountHistory(reader, account, { after, until: closing.version })))
  checkSums({ account, opening, lines, closing })
  return { account, opening, lines, closing }
}

function checkSums({ account, opening, lines, closing }: AccountStatement) {
  let debits = opening.debitsPosted
  let credits = opening.creditsPosted
  for (const line of lines) {
    if (line.kind !== 'transfer' && line.kind !== 'post') continue
    if (line.side === 'debit') debits += line.amount
    else credits += line.amount
  }
  assert(
    debits === closing.debitsPosted &&
      credits === closing.creditsPosted &&
      lines.length === Number(closing.version - opening.version),
    `the statement of ${account.name} in bucket ${account.bucket} agrees with its balances`,
  )
}

const afterOf = (line: HistoryLine | undefined): AccountAfter =>
  line
    ? {
        version: line.version,
        debitsPending: line.debitsPending,
        debitsPosted: line.debitsPosted,
        creditsPending: line.creditsPending,
        creditsPosted: line.creditsPosted,
      }
    : unopened
