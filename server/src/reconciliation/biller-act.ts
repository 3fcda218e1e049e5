/** What people do about a difference with a biller: all of it is asked by one and agreed to by another. */
import type { BillerResolution } from '../billers/index.ts'
import type { Amount } from '../kernel/index.ts'
import type { Asked } from './act.ts'

export interface BillerAct extends Asked {
  readonly kind: BillerResolution
  readonly differenceId: string
  readonly biller: string
  /** Of `covered`: what own money pays to the biller. */
  readonly amount: Amount | null
}
