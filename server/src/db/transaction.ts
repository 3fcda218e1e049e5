/**
 * One read-write transaction on one session. BEGIN travels with the first statement, the writes travel
 * with COMMIT, and the answer to COMMIT decides: yes, no, or nobody knows.
 */
import { isAftermath, provesRollback, sqlStateOf } from './errors.ts'
import type { Session } from './session.ts'
import type { Takers } from './takers.ts'
import { OutcomeUnknown, type Statement, type Tx } from './tx.ts'

export interface Committed<Value> {
  readonly value: Value
  readonly afterCommit: readonly (() => void)[]
}

/**
 * What writes goes by keys, a few hundred rows at most. A plan is made once a session, maybe while the
 * tables are still empty, and must not then read whole tables for as long as the session lives.
 */
const begin = `begin read write; set local enable_seqscan = off; set local enable_bitmapscan = off;
  set local enable_hashjoin = off; set local enable_mergejoin = off`

export async function runTransaction<Value>(
  session: Session,
  takers: Takers,
  work: (tx: Tx) => Promise<Value>,
): Promise<Committed<Value>> {
  const answers: Promise<void>[] = []
  const failures: unknown[] = []
  const afterCommit: (() => void)[] = []
  let over = false

  const send = (statement: Statement | string, values?: readonly unknown[]) => {
    if (over) throw new Error('this transaction is over: await everything inside it')
    const answer = session.send(statement, values)
    answers.push(
      answer.then(
        () => undefined,
        (error: unknown) => void failures.push(error),
      ),
    )
    return answer
  }
  const tx = {
    query: async (statement, values) => (await send(statement, values)).rows,
    write: (statement, values) => void send(statement, values),
    afterCommit: (action) => void afterCommit.push(action),
    takers,
  } as Tx

  let value: Value
  void send(begin)
  try {
    value = await work(tx)
  } catch (error) {
    over = true
    await session.send('rollback').catch(() => undefined)
    await Promise.all(answers)
    throw isAftermath(error) ? failures[0] : error
  }
  over = true
  await commit(session, answers, failures)
  return { value, afterCommit }
}

async function commit(session: Session, answers: Promise<void>[], failures: unknown[]) {
  let outcome: string
  try {
    outcome = (await session.send('commit')).command
  } catch (error) {
    await Promise.all(answers)
    // A statement that the database refused has undone the transaction, whatever came after it.
    const refused = failures.find((failure) => sqlStateOf(failure) !== undefined)
    if (refused !== undefined) throw refused
    if (provesRollback(error)) throw error
    throw new OutcomeUnknown('the connection was lost in COMMIT', { cause: error })
  }
  await Promise.all(answers)
  if (outcome !== 'COMMIT') {
    throw failures[0] ?? new Error('the transaction was rolled back')
  }
}
