/** A database that remembers every statement it was asked to run. */
import type { Database, Reader, Statement, Tx } from '../../server/src/db/index.ts'

export interface Recorded {
  readonly name: string
  readonly text: string
  readonly values: readonly unknown[]
}

export function recording(db: Database) {
  const statements: Recorded[] = []
  const note = (statement: Statement | string, values: readonly unknown[] = []) => {
    const { name, text } =
      typeof statement === 'string' ? { name: statement, text: statement } : statement
    statements.push({ name, text, values })
  }
  const reading = (reader: Reader): Reader => ({
    query: (statement, values) => {
      note(statement, values)
      return reader.query(statement, values)
    },
  })
  const recorded: Database = {
    ...db,
    ...reading(db),
    snapshot: (work) => db.snapshot((reader) => work(reading(reader))),
    transact: (work) =>
      db.transact((tx) =>
        work({
          ...tx,
          ...reading(tx),
          write: (statement, values) => {
            note(statement, values)
            tx.write(statement, values)
          },
        } as Tx),
      ),
  }
  return { db: recorded, statements }
}
