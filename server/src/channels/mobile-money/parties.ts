/**
 * Who may have whose money move, and on what proof. A client that merely knows a number moves nothing: the payer's own
 * token needs the PIN, a code or a mandate is what the payer made before, and all else only asks the payer.
 */
import { type Msisdn, parseMsisdn, Secret } from '../../kernel/index.ts'
import type { Caller } from '../oauth/index.ts'
import type { MobileMoneyDependencies } from './dependencies.ts'
import { fault } from './errors.ts'
import { accountOf, type Found, type Party, partyValue } from './identifiers.ts'
import type { Instruction } from './instruction.ts'
import { findCode, readInstruction } from './instruction-store.ts'
import { bucketOfCode, codePurpose } from './payer-code.ts'
import type { Resolved } from './proof.ts'
import { sandboxErrorOf } from './sandbox/numbers.ts'

type Tools = Pick<
  MobileMoneyDependencies,
  'db' | 'wallet' | 'transfers' | 'pins' | 'looks' | 'cipher'
>

/** The account of these identifiers; test clients have the sandbox's numbers, and nobody else has those. */
export async function foundBy(
  { wallet }: Pick<Tools, 'wallet'>,
  caller: Caller,
  parties: readonly Party[],
): Promise<Found> {
  if (!caller.test) {
    const numbers = parties.filter(({ key }) => key === 'msisdn').map(({ value }) => value)
    if (numbers.some((number) => sandboxErrorAt(number) !== undefined)) throw fault('identifier')
    return accountOf(wallet, parties)
  }
  const [party] = parties
  const error = party?.key === 'msisdn' ? sandboxErrorAt(party.value) : undefined
  if (error === undefined || parties.length !== 1) throw fault('identifier')
  if (error !== null) throw fault(error)
  return { msisdn: numberIn(party?.value ?? '') ?? '', walletId: null }
}

const numberIn = (text: string): Msisdn | undefined => {
  const msisdn = parseMsisdn(text)
  return msisdn.ok ? msisdn.value : undefined
}
const sandboxErrorAt = (text: string) => sandboxErrorOf(numberIn(text) ?? '')

/** The account of these identifiers, which must be the token's owner's. */
export async function ownAccount(
  tools: Pick<Tools, 'wallet'>,
  caller: Caller,
  parties: readonly Party[],
): Promise<Found> {
  // Whose it is, is not told to who has no right to it, nor whether it is there.
  if (caller.msisdn === undefined) throw fault('requestingParty')
  const found = await foundBy(tools, caller, parties).catch((error: unknown) => {
    if (caller.test) throw error
    throw fault('requestingParty')
  })
  if (found.msisdn !== caller.msisdn) throw fault('requestingParty')
  return found
}

/** The sandbox's PIN. */
const testPin = '246810'

export interface ShownPin {
  readonly pin: string | undefined
  /** What it came with: the same wrong PIN counts once, where the request is only sent again. */
  readonly request: string
}

/** Throws unless it is the PIN of the token's owner. A wrong one counts, whatever comes of the rest. */
export async function mustKnowPin(
  { pins }: Pick<Tools, 'pins'>,
  caller: Caller,
  { pin, request }: ShownPin,
): Promise<void> {
  const field = 'X-User-Credential-1'
  if (caller.msisdn === undefined || pin === undefined) throw fault('requestingParty', { field })
  const isRight = caller.test
    ? pin === testPin
    : (await pins.check(caller.msisdn, new Secret(pin), 'mobile-money', request)).ok
  if (!isRight) throw fault('requestingParty', { field, words: 'The PIN was not accepted.' })
}

/** The token's owner agrees, by PIN, to something about this account of his. */
export async function ownConsent(
  tools: Pick<Tools, 'wallet' | 'pins'>,
  caller: Caller,
  { parties, ...shown }: ShownPin & { readonly parties: readonly Party[] },
): Promise<Found> {
  const found = await ownAccount(tools, caller, parties)
  await mustKnowPin(tools, caller, shown)
  return found
}

export interface Proof {
  readonly agreed: boolean
  readonly resolved: Resolved
}

export interface Asked extends ShownPin {
  readonly debitParty: readonly Party[]
  readonly creditParty: readonly Party[]
}

/** A transfer is of the payer's or the payee's own token. */
export async function transferProof(tools: Tools, caller: Caller, asked: Asked): Promise<Proof> {
  const { debitParty, creditParty } = asked
  const mandateId = partyValue(debitParty, 'mandatereference')
  if (creditParty.length === 0) throw fault('missing', { field: 'creditParty' })
  if (debitParty.length === 0) throw fault('missing', { field: 'debitParty' })
  const payee = await foundBy(tools, caller, creditParty)
  if (mandateId !== undefined) {
    if (caller.msisdn !== payee.msisdn) throw fault('requestingParty')
    const payer = await payerOfMandate(tools, caller, mandateId)
    const resolved = { payer, payee: payee.msisdn, walletId: null, mandateId }
    return { agreed: true, resolved }
  }
  const { msisdn: payer, walletId } = await foundBy(tools, caller, debitParty)
  if (payer === payee.msisdn) throw fault('sameParties')
  const resolved = { payer, payee: payee.msisdn, walletId }
  if (caller.msisdn === payer) {
    await mustKnowPin(tools, caller, asked)
    return { agreed: true, resolved }
  }
  if (caller.msisdn !== payee.msisdn) throw fault('requestingParty')
  return { agreed: false, resolved }
}

async function payerOfMandate(
  { db, transfers }: Tools,
  caller: Caller,
  mandateId: string,
): Promise<Msisdn> {
  if (!caller.test) {
    const mandate = await transfers.mandate(mandateId)
    if (mandate?.payee !== caller.msisdn) throw fault('noMandate')
    return mandate?.msisdn ?? ''
  }
  const made = await readInstruction(db, mandateId)
  const isGood = made?.test && made.kind === 'debitmandate' && made.withdrawnAt === null
  if (!isGood) throw fault('noMandate')
  return made.msisdn ?? ''
}

/** A payment goes to the client's own merchant. */
export async function merchantProof(
  tools: Tools,
  caller: Caller,
  asked: Asked & { readonly oneTimeCode: string | undefined },
): Promise<Proof> {
  const { debitParty, creditParty, oneTimeCode, pin } = asked
  const ours = creditParty.every(
    ({ key, value }) => key === 'organisationid' && value === caller.merchantId,
  )
  if (!ours) throw fault('requestingParty', { field: 'creditParty' })
  const payee = ''
  const named = debitParty.length > 0 ? await foundBy(tools, caller, debitParty) : undefined
  if (oneTimeCode !== undefined) {
    const code = await codeOf(tools, caller, oneTimeCode)
    const payer = code.msisdn ?? ''
    if (named && named.msisdn !== payer) throw fault('identifier')
    return { agreed: true, resolved: { payer, payee, walletId: null, codeId: code.id } }
  }
  if (!named) throw fault('missing', { field: 'debitParty' })
  const { msisdn: payer, walletId } = named
  const agreed = caller.msisdn === payer && pin !== undefined
  if (agreed) await mustKnowPin(tools, caller, asked)
  return { agreed, resolved: { payer, payee, walletId } }
}

/** Guessing is counted, by client: a code is long, and still it is money. */
async function codeOf(tools: Tools, caller: Caller, code: string): Promise<Instruction> {
  const { looks, db, cipher } = tools
  if (looks.lockedMs(caller.clientId) > 0) throw fault('rateLimit')
  const bucket = bucketOfCode(code)
  const found =
    bucket === undefined
      ? undefined
      : await findCode(db, { bucket, mac: cipher.mac(codePurpose, code) })
  if (found?.state === 'completed' && found.test === caller.test && isFor(found, caller))
    return found
  looks.wrong(caller.clientId)
  throw fault('identifier', { field: 'oneTimeCode' })
}

/** Without names it is for every merchant. */
function isFor({ body }: Instruction, { merchantId }: Caller): boolean {
  const named = body.redemptionAccountIdentifiers as readonly Party[] | undefined
  return named?.some(({ value }) => value === merchantId) ?? true
}
