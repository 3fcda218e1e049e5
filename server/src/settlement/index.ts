/** Closing the day and telling merchants what it brought. */
export {
  type ChargingFileMade,
  type ChargingFilerOptions,
  type ChargingFormat,
  createChargingFiler,
  produceChargingFiles,
} from './charging-files.ts'
export {
  armDayCloser,
  type CloseOptions,
  closeDay,
  closeDue,
  createDayCloser,
} from './close-day.ts'
export type { StatementFormat } from './format.ts'
export type { SourceTotals } from './line.ts'
export {
  produceStatement,
  type Statement,
  type StatementOrder,
  type WrittenStatement,
  writeStatement,
} from './statement.ts'
export { daysOf, totalsOf } from './store.ts'
export {
  type SweepOptions,
  type SweepRefusal,
  type Swept,
  sweepMerchant,
} from './sweep.ts'
export { settlementInvariants } from './verify.ts'
export { writeWhole } from './whole-file.ts'
