/** What the surroundings are asked, and how they are reached. */
import type { LoadResult } from './load.ts'

export interface SurroundingsAnswers {
  open: { readonly smscPort: number; readonly carrierUrl: string }
  buy: LoadResult
}

/** What pays for a handset's purchase. */
export type Way = 'phone_bill' | 'card'

export const smscUser = 'bench'
export const smscPassword = 'bench'
export const carrierToken = 'bench-carrier'
