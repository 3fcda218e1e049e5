/**
 * Who may use which route: people by their roles, programs by the operator's token. A route that says nothing is
 * for nobody. The token proves no person, so it has no part in what two people do, nor in who they are.
 */
import type { FastifyContextConfig } from 'fastify'
import { operatorRoles, type Role } from '../../staff/index.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The operator's token opens it too. */
    readonly operatorToken?: boolean
  }
}

const access = (roles: readonly Role[], operatorToken: boolean) => ({
  ...{ staff: { for: roles }, operatorToken },
})

/** Looks, and changes nothing. */
export const reads = access(
  operatorRoles.filter((role) => role !== 'admin'),
  true,
)
/** Changes what one person may change alone. */
export const changes = access(['operator'], true)
/** Asks for what a second person must agree to. */
export const asks = access(['operator'], false)
/** Brings the second person's decision, who proves himself in it. */
export const decides = access(['operator', 'supervisor'], false)
/** Says who the people are. */
export const names = access(['admin'], false)

/** The same for the API's description. */
export function waysIn({ staff, operatorToken }: FastifyContextConfig) {
  if (staff?.for === 'anybody') return []
  const session = { operatorSession: [] }
  return operatorToken === true ? [{ operatorToken: [] }, session] : [session]
}
