/** What a client is told of an instruction whose outcome it was not answered with. */
import { fields } from '../http/index.ts'
import type { Callback } from './dependencies.ts'
import type { Instruction } from './instruction.ts'
import { type PresentTools, present } from './present.ts'

/** Null for a client that asks by itself. */
export function callbackOf(instruction: Instruction, tools: PresentTools): Callback | null {
  const { id, bucket, callbackUrl: url, correlationId, error } = instruction
  if (url === null) return null
  return {
    ...{ id: `mobile-money.${id}`, bucket, url },
    headers: {
      'content-type': 'application/json',
      'x-correlationid': correlationId,
      'x-date': fields.iso(tools.now),
    },
    body: JSON.stringify(error ?? present(instruction, tools)),
  }
}
