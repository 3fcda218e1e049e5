/** What the surroundings are asked, and how they are reached. */
import type { LoadResult } from './load.ts'

export interface SurroundingsAnswers {
  open: { readonly smscPort: number; readonly carrierUrl: string }
  buy: LoadResult
}

export const smscUser = 'bench'
export const smscPassword = 'bench'
export const carrierToken = 'bench-carrier'
