/** Authorisation codes: made by the payer with the PIN, for one payment to a merchant; taken back until used. */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { MobileMoneyDependencies } from './dependencies.ts'
import { fault } from './errors.ts'
import type { Found } from './identifiers.ts'
import type { Instruction } from './instruction.ts'
import { findCode, madeOf, withdraw } from './instruction-store.ts'
import type { Instructions } from './instructions.ts'
import { accountForms, accountIn, answerInstruction, described } from './operation.ts'
import { ownAccount, ownConsent } from './parties.ts'
import { bucketOfCode, codePurpose } from './payer-code.ts'
import { codeStateOf, present } from './present.ts'
import { resolvedIn } from './proof.ts'
import { changed, codeBody, codesQuery, made, patchOf, read, readList } from './schemas.ts'
import { callerOf, shownPin } from './scope.ts'

const tag = 'authorisation codes'
const scope = 'mobile-money:codes'
/** Newest first; who makes more looks at the newest. */
const listMax = 50

export function codeRoutes(
  app: FastifyInstance,
  deps: MobileMoneyDependencies,
  instructions: Instructions,
): void {
  const { cipher, clock, db } = deps
  const tools = { cipher, clock, instructions }
  const typed = app.withTypeProvider<ZodTypeProvider>()
  const shown = (code: Instruction) => present(code, { cipher, now: clock.now() })

  for (const [form, path] of accountForms('/authorisationcodes')) {
    typed.post(
      path,
      {
        config: { scope, admission: 'order' },
        schema: {
          ...described(tag, `accounts${form}AuthorisationcodesPOST`, {
            summary: 'Make a code; with the PIN of the token’s owner',
            scope,
          }),
          body: codeBody,
          response: made,
        },
      },
      async (request, reply) => {
        const caller = callerOf(request)
        const prove = async (name: string) => {
          const asked = { parties: accountIn(request), ...shownPin(request, name) }
          const { msisdn: payer, walletId } = await ownConsent(deps, caller, asked)
          if (walletId === null && !caller.test) throw fault('identifier')
          return { agreed: true, resolved: { payer, payee: '', walletId } }
        }
        const body = { ...request.body, account: accountIn(request) }
        return answerInstruction(request, reply, { kind: 'authorisationcode', body, prove }, tools)
      },
    )
    typed.get(
      path,
      {
        config: { scope },
        schema: {
          ...described(tag, `accounts${form}AuthorisationcodesGET`, {
            summary: 'View the codes that this client made for the token’s owner',
            scope,
          }),
          querystring: codesQuery,
          response: readList,
        },
      },
      async (request, reply) => {
        const found = await ownAccount(deps, callerOf(request), accountIn(request))
        const { clientId } = callerOf(request)
        const { msisdn } = found
        const all = await madeOf(db, 'authorisationcode', { msisdn, clientId, limit: listMax })
        const wanted = all.filter(
          (code) => isOf(code, found) && codeStateOf(code, clock.now()) === request.query.codeState,
        )
        reply.header('x-records-returned-count', String(wanted.length))
        return wanted.map(shown)
      },
    )
    typed.get(
      `${path}/:authorisationCode`,
      {
        config: { scope },
        schema: {
          ...described(tag, `accounts${form}AuthorisationcodesAuthorisationCodeGET`, {
            summary: 'View a code',
            scope,
          }),
          response: read,
        },
      },
      async (request) => shown(await codeIn(request)),
    )
    typed.patch(
      `${path}/:authorisationCode`,
      {
        config: { scope },
        schema: {
          ...described(tag, `accounts${form}AuthorisationcodesAuthorisationCodePATCH`, {
            summary: 'Take a code back that was not used',
            scope,
          }),
          body: patchOf('/codeState', 'cancelled'),
          response: changed,
        },
      },
      async (request, reply) => {
        const code = await codeIn(request)
        const done = await db.transact((tx) => withdraw(tx, code, clock.now()))
        if (!done) throw fault('incorrectState')
        return reply.code(204).send(null)
      },
    )
  }

  /** Made by this client for the token's owner, whose account is in the address. */
  async function codeIn(request: FastifyRequest): Promise<Instruction> {
    const { authorisationCode } = z.object({ authorisationCode: z.string() }).parse(request.params)
    const found = await ownAccount(deps, callerOf(request), accountIn(request))
    const bucket = bucketOfCode(authorisationCode)
    if (bucket === undefined) throw fault('identifier')
    const code = await findCode(db, { bucket, mac: cipher.mac(codePurpose, authorisationCode) })
    const isOwn = code && isOf(code, found) && code.clientId === callerOf(request).clientId
    if (!isOwn || code.state !== 'completed') throw fault('identifier')
    return code
  }
}

/** Of this very account: the number may have another owner since. */
const isOf = (code: Instruction, { msisdn, walletId }: Found): boolean =>
  code.msisdn === msisdn && resolvedIn(code).walletId === walletId
