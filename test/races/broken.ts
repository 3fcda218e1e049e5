/**
 * The same database with a guard taken away: some of its statements spoiled, or a constraint dropped.
 * A race that passes here proves nothing, so each race is run on its mutants too and must fail.
 */
import type { Database, Statement, Tx } from '../../server/src/db/index.ts'

export interface Mutant {
  readonly name: string
  /** What is missing, in a few words. */
  readonly lacks: string
  /** Answers the text a statement is to have instead; one without a name is known by its text. */
  readonly spoil?: (statement: Statement) => string
  /** A statement of this name is sent at the end of its transaction and answers nothing before. */
  readonly late?: string
  /** Constraints that are dropped beforehand. */
  readonly drops?: readonly string[]
}

export interface Broken {
  readonly db: Database
  /** How often a statement was spoiled: a mutant that spoils none is no mutant. */
  readonly spoiled: () => number
}

export function broken(db: Database, { spoil, late }: Mutant): Broken {
  let count = 0
  const other = (statement: Statement | string): Statement | string => {
    const named = typeof statement === 'string' ? { name: '', text: statement } : statement
    const text = spoil?.(named) ?? named.text
    if (text === named.text) return statement
    count += 1
    return typeof statement === 'string' ? text : { name: `${named.name}.spoiled`, text }
  }
  const isLate = (statement: Statement | string) =>
    late !== undefined && typeof statement !== 'string' && statement.name === late
  const within = async <Value>(tx: Tx, work: (tx: Tx) => Promise<Value>): Promise<Value> => {
    const postponed: (() => void)[] = []
    const query: Tx['query'] = async (statement, values) => {
      if (!isLate(statement)) return tx.query(other(statement), values)
      count += 1
      postponed.push(() => tx.write(statement, values))
      return []
    }
    const write: Tx['write'] = (statement, values) => tx.write(other(statement), values)
    const value = await work({ ...tx, query, write })
    for (const send of postponed) send()
    return value
  }
  return {
    db: { ...db, transact: (work) => db.transact((tx) => within(tx, work)) },
    spoiled: () => count,
  }
}

/** Replaces a part of one statement's text. */
export const instead =
  (name: string, part: string | RegExp, by: string): NonNullable<Mutant['spoil']> =>
  (statement) =>
    statement.name === name ? statement.text.replace(part, by) : statement.text

/** Nobody waits for anybody who holds rows by these statements. */
const unlocked =
  (...names: string[]): NonNullable<Mutant['spoil']> =>
  ({ name, text }) =>
    names.includes(name) ? text.replace(/ ?for no key update( of \w+)?/g, '') : text

const second =
  (first: NonNullable<Mutant['spoil']>, then: NonNullable<Mutant['spoil']>) =>
  (statement: Statement): string =>
    then({ ...statement, text: first(statement) })

/** Where the first wall falls, these would still stop the second writer. */
const noWalls: NonNullable<Mutant['spoil']> = ({ name, text }) =>
  ['payment_event.insert', 'job.append', 'ledger.insert'].includes(name)
    ? `${text} on conflict do nothing`
    : text

export const noNumberLock: Mutant = {
  name: 'no-number-lock',
  lacks: 'the lock of the payer’s number',
  spoil: unlocked('subscriber.lock'),
}
export const noNumberLockNoWalls: Mutant = {
  name: 'no-number-lock-no-walls',
  lacks: 'the lock of the number and the unique keys behind it',
  spoil: second(unlocked('subscriber.lock'), noWalls),
}
export const noCapGuard: Mutant = {
  name: 'no-cap-guard',
  lacks: 'the guard under which a merchant’s counter is added to',
  // The parameter stays, or it would have no type.
  spoil: instead('limit_counter.add', 'used + $4::int8 <= $5::int8', '$5::int8 is not null'),
}
export const noAccountLock: Mutant = {
  name: 'no-account-lock',
  lacks: 'the lock of the ledger’s accounts',
  spoil: unlocked('ledger.lock'),
}
export const noAccountLockNoWalls: Mutant = {
  name: 'no-account-lock-no-walls',
  lacks: 'the lock of the accounts and the unique keys behind it',
  spoil: second(unlocked('ledger.lock'), noWalls),
}
