/** What the routes share: where they stand, who an account in an address is, how an instruction is answered. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Scope } from '../oauth/index.ts'
import type { MobileMoneyDependencies } from './dependencies.ts'
import { type ErrorName, errors, fault, type MobileMoneyError } from './errors.ts'
import { type Party, partiesOf } from './identifiers.ts'
import type { Instruction, Kind } from './instruction.ts'
import { readInstruction } from './instruction-store.ts'
import type { Instructions } from './instructions.ts'
import type { Proof } from './parties.ts'
import { present, requestState } from './present.ts'
import { callbackUrl, correlationId } from './schemas.ts'
import { callerOf, headerOf } from './scope.ts'

export const basePath = '/mobile-money/v1.2'

/** How the description names an operation and its right. */
export const described = (
  tag: string,
  operationId: string,
  { summary, scope }: { readonly summary: string; readonly scope: Scope | null },
) => ({
  ...{ tags: [`Mobile money: ${tag}`], operationId, summary },
  security: [{ openId: scope === null ? [] : [scope] }],
})

type Form = 'AccountId' | 'IdentifierType'

/** An account stands in an address in two ways; both are one operation. */
export const accountForms = (suffix: string): readonly (readonly [form: Form, path: string])[] => [
  ['AccountId', `/accounts/:accountId${suffix}`],
  ['IdentifierType', `/accounts/:identifierType/:identifier${suffix}`],
]

export function accountIn({ params }: FastifyRequest): readonly Party[] {
  const { accountId, identifierType, identifier } = params as Readonly<Record<string, string>>
  if (accountId !== undefined) return partiesOf(accountId)
  return [{ key: identifierType ?? '', value: identifier ?? '' }]
}

/** What a request says of itself in its headers, checked; every instruction has a name of its client's. */
function labelsOf(request: FastifyRequest) {
  const id = headerOf(request, 'X-CorrelationID')
  const url = headerOf(request, 'X-Callback-URL')
  if (id === undefined) throw fault('missing', { field: 'X-CorrelationID' })
  if (!correlationId.safeParse(id).success) throw fault('format', { field: 'X-CorrelationID' })
  if (url !== undefined && !callbackUrl.safeParse(url).success)
    throw fault('format', { field: 'X-Callback-URL' })
  return { correlationId: id.toLowerCase(), callbackUrl: url ?? null }
}

interface Asked {
  readonly kind: Kind
  readonly body: Readonly<Record<string, unknown>>
  readonly prove: (request: string) => Promise<Proof>
}

/** Places it, and answers with what came of it: 201 with the object, 202 with its state, or its error. */
export async function answerInstruction(
  request: FastifyRequest,
  reply: FastifyReply,
  asked: Asked,
  tools: Pick<MobileMoneyDependencies, 'cipher' | 'clock'> & {
    readonly instructions: Instructions
  },
): Promise<FastifyReply> {
  const { instructions, cipher, clock } = tools
  const order = { caller: callerOf(request), ...labelsOf(request), ...asked }
  const instruction = await instructions.place(order)
  if (instruction.error !== null) throw faultOf(instruction.error)
  if (instruction.state !== 'completed') return reply.code(202).send(requestState(instruction))
  return reply.code(201).send(present(instruction, { cipher, now: clock.now() }))
}

/** A list. How many there are in all is not counted: a long history would be read through for each page. */
export const counted = <View>(reply: FastifyReply, views: readonly View[]) =>
  reply.header('x-records-returned-count', String(views.length)).send(views)

/** A stored error, said again. */
function faultOf(error: NonNullable<Instruction['error']>): MobileMoneyError {
  const name = (Object.keys(errors) as readonly ErrorName[]).find((one) => {
    const [category, code] = errors[one]
    return category === error.errorCategory && code === error.errorCode
  })
  return fault(name ?? 'businessRule', { words: error.errordescription })
}

/** An instruction of this client's; what is another's does not exist. */
export async function ownInstruction(
  request: FastifyRequest,
  { db }: Pick<MobileMoneyDependencies, 'db'>,
  id: string,
): Promise<Instruction> {
  const found = await readInstruction(db, id)
  if (found?.clientId !== callerOf(request).clientId) throw fault('identifier')
  return found
}
