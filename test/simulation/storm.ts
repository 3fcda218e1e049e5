/**
 * The database as one process of the deployment sees it: slow, now and then failing, sometimes losing
 * the answer to a COMMIT, and silent for a process that has died. What a dead process asked for and
 * had not committed never happens.
 */
import {
  createTakers,
  type Database,
  OutcomeUnknown,
  type Statement,
  type Takers,
  type Tx,
} from '../../server/src/db/index.ts'
import type { Dice } from './dice.ts'
import type { DatabaseFault } from './plan.ts'
import type { VirtualTime } from './virtual-time.ts'

export class Died extends Error {
  override readonly name = 'Died'
}

/** A process from its start to its end. */
export interface Life {
  isOver(): boolean
  end(): void
  /** What ends with it. */
  onEnd(action: () => void): void
}

/** What a broken build does to statements: other values, or none of it (null). */
export interface Tampering {
  readonly write?: (statement: string, values: readonly unknown[]) => readonly unknown[] | null
  readonly rows?: (statement: string, rows: Record<string, unknown>[]) => Record<string, unknown>[]
}

export interface Storm {
  /** The next transactions meet this, one fault each. */
  add(fault: DatabaseFault): void
  clear(): void
  through(life: Life): Database
  /** As above, without delays: for work that must not be interrupted by anything else. */
  calm(life: Life): Database
  /** Statements and transactions under way; some may wait to be tried again. */
  busy(): number
  /** Moves on with every statement. */
  moves(): number
  /** Counts everything that was committed. */
  commits(): number
}

const sqlError = (code: string, message: string) =>
  Object.assign(new Error(message), { code, severity: 'ERROR' })

const errors: Readonly<Record<string, () => Error>> = {
  deadlock: () => sqlError('40P01', 'deadlock detected'),
  serialization: () => sqlError('40001', 'could not serialize access'),
  lock_timeout: () => sqlError('55P03', 'canceling statement due to lock timeout'),
  statement_failed: () => sqlError('57014', 'canceling statement due to statement timeout'),
  connection_lost: () => new Error('Connection terminated unexpectedly'),
}
const away = () => Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })

export function createStorm(options: {
  readonly db: Database
  readonly time: VirtualTime
  readonly dice: Dice
  readonly struck: (kind: string) => void
  readonly tampering: Tampering
}): Storm {
  const { db, time, dice, struck, tampering } = options
  let faults: { fault: DatabaseFault; skip: number }[] = []
  let awayUntil = 0
  let busy = 0
  let commits = 0
  let moves = 0

  async function counted<Value>(work: () => Promise<Value>): Promise<Value> {
    busy += 1
    try {
      return await work()
    } finally {
      busy -= 1
      moves += 1
    }
  }
  function check(life: Life) {
    if (life.isOver()) throw new Died('before a statement')
    if (time.now() < awayUntil) throw away()
  }
  function take(): DatabaseFault | undefined {
    const index = faults.findIndex((one) => one.skip === 0)
    for (const one of faults) one.skip = Math.max(0, one.skip - 1)
    return index < 0 ? undefined : faults.splice(index, 1)[0]?.fault
  }

  /** A process hands jobs to its own workers only. */
  const takers = new WeakMap<Life, Takers>()
  function takersOf(life: Life): Takers {
    const known = takers.get(life) ?? createTakers()
    takers.set(life, known)
    return known
  }

  function view(life: Life, tx: Tx, fault: DatabaseFault | undefined, lost: () => boolean): Tx {
    let statements = 0
    const reach = () => {
      statements += 1
      moves += 1
      if (life.isOver()) throw new Died('in a transaction')
      if (!fault || statements !== fault.statement) return
      if (fault.kind === 'crash_inside') {
        struck(fault.kind)
        life.end()
        throw new Died('in a transaction')
      }
      const error = errors[fault.kind]
      if (!error) return
      struck(fault.kind)
      throw error()
    }
    const name = (statement: Statement | string) =>
      typeof statement === 'string' ? statement : statement.name
    return {
      query: async (statement: Statement | string, values?: readonly unknown[]) => {
        reach()
        const rows = await tx.query<Record<string, unknown>>(statement, values)
        return tampering.rows?.(name(statement), rows) ?? rows
      },
      write(statement: Statement | string, values: readonly unknown[] = []) {
        reach()
        const changed = tampering.write ? tampering.write(name(statement), values) : values
        if (changed) tx.write(statement, changed)
      },
      afterCommit: (action: () => void) =>
        tx.afterCommit(() => {
          if (!life.isOver() && !lost()) action()
        }),
      takers: takersOf(life),
    } as unknown as Tx
  }

  async function transact<Value>(life: Life, work: (tx: Tx) => Promise<Value>): Promise<Value> {
    check(life)
    const fault = take()
    if (fault?.kind === 'crash_before') {
      struck(fault.kind)
      life.end()
      throw new Died('before a transaction')
    }
    const isUnheard = fault?.kind === 'commit_unheard' || fault?.kind === 'crash_after'
    const value = await counted(() =>
      db.transact(async (tx) => {
        const takeBack = fault?.kind === 'commit_undone' && (await sequenceTaker(tx))
        const result = await work(view(life, tx, fault, () => isUnheard))
        if (life.isOver()) throw new Died('before the commit')
        if (takeBack) {
          struck('commit_undone')
          await takeBack()
          throw new OutcomeUnknown('the connection was lost in COMMIT')
        }
        return result
      }),
    )
    commits += 1
    if (fault?.kind === 'commit_unheard') {
      struck(fault.kind)
      throw new OutcomeUnknown('the connection was lost in COMMIT')
    }
    if (fault?.kind === 'crash_after') {
      struck(fault.kind)
      life.end()
    }
    if (life.isOver()) throw new Died('after a commit')
    return value
  }

  const between = async (life: Life) => {
    check(life)
    if (dice.chance(0.3)) await time.sleep(dice.between(1, 40))
  }
  const databaseOf = (life: Life, wait: (life: Life) => Promise<void>): Database => ({
    ...db,
    takers: takersOf(life),
    async transact(work) {
      await wait(life)
      return transact(life, work)
    },
    async query(statement, values) {
      check(life)
      const rows = await counted(() => db.query(statement, values))
      if (life.isOver()) throw new Died('after a query')
      return rows as never
    },
    async snapshot(work) {
      check(life)
      const value = await counted(() => db.snapshot(work))
      if (life.isOver()) throw new Died('after a query')
      return value
    },
  })

  return {
    add(fault) {
      if (fault.kind === 'away') {
        struck(fault.kind)
        awayUntil = time.now() + (fault.lastMs ?? 0)
      } else faults.push({ fault, skip: fault.skip ?? 0 })
    },
    clear() {
      faults = []
      awayUntil = 0
    },
    through: (life) => databaseOf(life, between),
    calm: (life) => databaseOf(life, async () => undefined),
    busy: () => busy,
    moves: () => moves,
    commits: () => commits,
  }
}

/** A server that loses a transaction in a crash loses what it took from sequences, too. */
async function sequenceTaker(tx: Tx): Promise<() => Promise<unknown>> {
  const [before] = await tx.query<{ last_value: bigint; is_called: boolean }>(
    'select last_value, is_called from order_number',
  )
  return () =>
    tx.query(`select setval('order_number', $1, $2)`, [
      before?.last_value ?? 1,
      before?.is_called ?? false,
    ])
}
