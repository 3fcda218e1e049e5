/** What the people of a hall do, in the operator's log, in the transaction of what is done. */
import { appendLog, type LogEntry } from '../audit/index.ts'
import type { Tx } from '../db/index.ts'
import type { Clock, FieldCipher, Ids } from '../kernel/index.ts'
import { authorOf, type Person } from './person.ts'

export interface LogTools {
  readonly clock: Clock
  readonly ids: Ids
  readonly cipher: FieldCipher
}

type Told = Pick<LogEntry, 'action' | 'subject'> & Partial<Pick<LogEntry, 'before' | 'after'>>

export interface Logbook {
  write(tx: Tx, by: Pick<Person, 'login'> | string, told: Told): Promise<void>
}

export const createLogbook = ({ clock, ids, cipher }: LogTools): Logbook => ({
  async write(tx, by, { before = null, after = null, ...told }) {
    const at = clock.now()
    const operator = typeof by === 'string' ? by : authorOf(by)
    await appendLog(tx, cipher, { id: ids.next(0, at), at, operator, ...told, before, after })
  },
})
