/** Whose number and whose payment: the rules of two- and three-legged tokens, and of ownership. */
import { type Msisdn, parseMsisdn } from '../../kernel/index.ts'
import type { Payment, Payments } from '../../payments/index.ts'
import type { Caller } from '../oauth/index.ts'
import { common, paymentProblems, problem } from './problems.ts'
import { isSandboxNumber, sandboxNumberRefusal } from './sandbox/numbers.ts'

/**
 * The number to charge. With a two-legged token `phoneNumber` must be given, with a three-legged one
 * it must not, even when it is the same (YAML, "Identifying the phone number from the access token").
 */
export function payerOf(caller: Caller, phoneNumber: string | undefined): Msisdn {
  if (caller.msisdn !== undefined && phoneNumber !== undefined)
    throw problem(common.unnecessaryIdentifier)
  const given = caller.msisdn ?? phoneNumber
  if (given === undefined) throw problem(common.missingIdentifier)
  const number = parseMsisdn(given)
  if (!number.ok || isSandboxNumber(number.value) !== caller.test)
    throw problem(common.numberNotFound)
  const refusal = caller.test ? sandboxNumberRefusal(number.value) : undefined
  if (refusal !== undefined) throw problem(paymentProblems[refusal])
  return number.value
}

/** The caller's payment. Another client's, or another customer's, does not exist for him. */
export async function ownPayment(
  payments: Payments,
  caller: Caller,
  paymentId: string,
): Promise<Payment> {
  const payment = await payments.get(paymentId)
  if (!payment || !owns(caller, payment)) throw problem(common.notFound)
  return payment
}

export const owns = (caller: Caller, { client, msisdn }: Pick<Payment, 'client' | 'msisdn'>) =>
  client === caller.clientId && (caller.msisdn === undefined || caller.msisdn === msisdn)
