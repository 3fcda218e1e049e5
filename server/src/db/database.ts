/** The `Database` of `tx.ts` on top of sessions. */
import { AsyncLocalStorage } from 'node:async_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { isTransient } from './errors.ts'
import type { Log } from './log.ts'
import type { Sessions } from './session.ts'
import { createTakers } from './takers.ts'
import { runTransaction } from './transaction.ts'
import type { Database, Reader } from './tx.ts'

/** A transaction that a deadlock or a lock time-out ended is run again this often. */
const retries = 3

const sessionsOf = new WeakMap<Database, Sessions>()

/** The sessions below a database, for the few things that need one to themselves. */
export function sessionsBelow(db: Database): Sessions {
  const sessions = sessionsOf.get(db)
  if (!sessions) throw new Error('this database was not opened by openDatabase')
  return sessions
}

export function createDatabase(sessions: Sessions, log: Log): Database {
  const nesting = sessions.engine === 'pglite' ? createNestingGuard() : freely
  const lend: Sessions['lend'] = (use, how) => {
    nesting.check()
    return sessions.lend(use, how)
  }
  const takers = createTakers()
  let closing: Promise<void> | undefined

  const transact: Database['transact'] = async (work) => {
    for (let attempt = 1; ; attempt += 1) {
      let number = 0
      try {
        const done = await lend((session) => {
          number = session.number
          return runTransaction(session, takers, (tx) => nesting.inside(() => work(tx)))
        })
        for (const action of done.afterCommit) runHook(action, log)
        return done.value
      } catch (error) {
        if (!isTransient(error) || attempt > retries) throw error
        // Two transactions that met in a deadlock have different sessions, so they do not meet again.
        await sleep(attempt * 10 + (number % 31))
      }
    }
  }

  const db: Database = {
    engine: sessions.engine,
    takers,
    transact,
    query: (statement, values) =>
      lend(async (session) => (await session.send(statement, values)).rows, {
        reading: true,
      }) as Promise<never>,
    snapshot: (work) =>
      lend(
        async (session) => {
          const reader: Reader = {
            query: async (statement, values) =>
              (await session.send(statement, values)).rows as never,
          }
          const begun = session.send('begin isolation level repeatable read read only')
          try {
            await begun
            return await nesting.inside(() => work(reader))
          } finally {
            await session.send('rollback').catch(() => undefined)
          }
        },
        { reading: true },
      ),
    close: () => {
      closing ??= sessions.close()
      return closing
    },
  }
  sessionsOf.set(db, sessions)
  return db
}

function runHook(action: () => void, log: Log) {
  try {
    action()
  } catch (error) {
    // The transaction is done: a hook can no longer make it fail.
    log.error({ err: error }, 'an after-commit hook threw')
  }
}

const freely = { check: () => undefined, inside: <Value>(work: () => Value): Value => work() }

/** With one connection, asking the database from inside a transaction would wait for itself. */
function createNestingGuard(): typeof freely {
  const current = new AsyncLocalStorage<{ open: boolean }>()
  return {
    check() {
      if (current.getStore()?.open)
        throw new Error('the database was used inside a transaction: use the transaction itself')
      return undefined
    },
    inside(work) {
      const scope = { open: true }
      const result = current.run(scope, work)
      void Promise.resolve(result).then(
        () => {
          scope.open = false
        },
        () => {
          scope.open = false
        },
      )
      return result
    },
  }
}
