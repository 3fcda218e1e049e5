/** All races, in the order in which they are run. */
import type { Workload } from '../workload.ts'
import { validateTwice, yesTwice } from './consents.ts'
import { dayClose } from './day-close.ts'
import { confirmCancel, confirmExpire } from './endings.ts'
import { jobs } from './jobs.ts'
import { idempotency, keysPerBatch } from './keys.ts'
import { bank, holds } from './ledger.ts'
import { limits } from './limits.ts'
import { refunds } from './refunds.ts'

export const workloads: readonly Workload[] = [
  limits,
  idempotency,
  keysPerBatch,
  refunds,
  confirmExpire,
  confirmCancel,
  validateTwice,
  yesTwice,
  bank,
  holds,
  jobs,
  dayClose,
]
