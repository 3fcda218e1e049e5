/** How a request is not taken. */
import type { Detail } from '../billers.ts'
import type { Refusal } from '../words.ts'

export const refused = <const Why extends Refusal>(refusal: Why, detail: Detail = {}) =>
  ({ ok: false, refusal, ...detail }) as const

export type Refused = ReturnType<typeof refused<Refusal>>
