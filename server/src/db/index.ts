export { booleans, int8s, jsons, texts, uuids } from './array.ts'
export type { CheckpointPolicy } from './checkpoints.ts'
export {
  type Coalescer,
  type CoalescerOptions,
  createCoalescer,
  DeadlinePassed,
  Overloaded,
  type Urgency,
} from './coalescer.ts'
export { DirectoryInUse } from './directory-lock.ts'
export { type DiskRoom, databaseFolders, watchDiskRoom } from './disk-room.ts'
export { eachJob } from './each-job.ts'
export { DatabaseBusy, DiskLow, isOutage, isTransient, sqlStateOf } from './errors.ts'
export type { Job, JobOutcome, NewJob } from './job.ts'
export {
  appendJobs,
  armJobs,
  cancelJobs,
  type JobCount,
  type JobKey,
  jobCounts,
  onAppended,
  settleJobs,
} from './jobs.ts'
export type { Log } from './log.ts'
export { appliedMigrations, migrate } from './migrate.ts'
export { type DatabaseOptions, openDatabase } from './open.ts'
export { checkSettings, type SettingsProblem } from './settings.ts'
export { createTakers, type Takers } from './takers.ts'
export { type Database, OutcomeUnknown, type Reader, type Statement, type Tx } from './tx.ts'
export { createWorker, doubling, type Worker, type WorkerOptions } from './worker.ts'
