/**
 * The same database with some of its statements spoiled: a race that passes here proves nothing, so
 * each race is run on this too and must fail.
 */
import type { Database, Statement, Tx } from '../../server/src/db/index.ts'

/** `spoil` answers the text a named statement is to have instead. */
export function spoiled(db: Database, spoil: (statement: Statement) => string): Database {
  const other = (statement: Statement | string): Statement | string => {
    if (typeof statement === 'string') return statement
    const text = spoil(statement)
    return text === statement.text ? statement : { name: `${statement.name}.spoiled`, text }
  }
  return {
    ...db,
    transact: (work) =>
      db.transact((tx) =>
        work({
          ...tx,
          query: (statement, values) => tx.query(other(statement), values),
          write: (statement, values) => tx.write(other(statement), values),
        } as Tx),
      ),
  }
}

const unlocked = (text: string) => text.replace(/ for no key update( of \w+)?/g, '')

/** Nobody waits for anybody, neither for the number nor for the merchant; and no cap is looked at again. */
export const withoutLocks = ({ name, text }: Statement): string => {
  if (name === 'limit_counter.add') return text.replace('used + $4::int8 <= $5::int8', '$5::int8 is not null')
  return name === 'subscriber.lock' || name === 'limit_counter.lock' ? unlocked(text) : text
}

/** Without the second wall either: two events of one number would collide on their key. */
export const withoutWalls = (statement: Statement): string =>
  ['payment_event.insert', 'job.append'].includes(statement.name)
    ? `${statement.text} on conflict do nothing`
    : withoutLocks(statement)
