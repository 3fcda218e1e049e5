/** One job for each operation that is not over: it carries on where whoever was at it did not. */
import { armJobs, cancelJobs, type Tx } from '../../db/index.ts'

export const operationTopic = 'bank.operation'
/** The files of a bank's days: one job a bank. */
export const fileTopic = 'bank.file'

export const armFiles = (tx: Tx, bank: string, dueAt: number): void =>
  armJobs(tx, [{ bucket: 0, topic: fileTopic, subject: bank, dueAt, payload: {} }])

interface Named {
  readonly bucket: number
  readonly id: string
}

export const armOperation = (tx: Tx, { bucket, id }: Named, dueAt: number): void =>
  armJobs(tx, [{ bucket, topic: operationTopic, subject: id, dueAt, payload: {} }])

export const cancelOperation = (tx: Tx, { bucket, id }: Named): void =>
  cancelJobs(tx, [{ bucket, topic: operationTopic, subject: id }])
