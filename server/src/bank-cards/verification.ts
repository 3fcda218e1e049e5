/**
 * Asks the bank whether card, holder and mobile belong together (0100), in three parts: the intent is
 * committed, the message is sent, the answer is committed. A process that dies in between leaves the binding
 * `verifying`; it may be repeated, for no money moves. What proves the holder — security code, PIN, the code
 * from the bank's text — passes through here once and is written nowhere.
 */

import type { Tx } from '../db/index.ts'
import {
  accept,
  assert,
  bucketOfId,
  national,
  type Result,
  refuse,
  Secret,
} from '../kernel/index.ts'
import { lockSubscribers } from '../subscribers/index.ts'
import type { Agreement, BankAnswer, Verification } from './bank.ts'
import { isOpenIn } from './bin-table.ts'
import { bindingPolicy, type CardBinding } from './binding.ts'
import { type Step, step } from './binding-steps.ts'
import { countHeld, lockBinding, readBinding } from './binding-store.ts'
import type { BindingTools, LinkedBank } from './binding-tools.ts'
import { orNothing } from './or-nothing.ts'
import { judgeAnswer } from './verification-answer.ts'
import {
  claimCard,
  countVerifications,
  insertVerification,
  type SentVerification,
  saveAnswer,
} from './verification-store.ts'
import { type BindingRefusal, bindingWords } from './words.ts'

/** What is given with one message and kept nowhere. */
export interface Proof {
  readonly securityCode?: Secret
  /** From the pad at a counter. */
  readonly pin?: Secret
  /** From the bank's text. */
  readonly code?: Secret
}

export type VerifyAnswer =
  | { readonly outcome: 'active' | 'code_sent'; readonly binding: CardBinding }
  /** The bank may have said yes or no: it can be asked again. */
  | { readonly outcome: 'unknown'; readonly binding: CardBinding }
  | {
      readonly outcome: 'refused'
      readonly refusal: BindingRefusal
      readonly binding: CardBinding | undefined
      /** When a bank that is closed opens, in milliseconds since 1970 UTC. */
      readonly opensAt?: number
    }

interface Intent {
  readonly binding: CardBinding
  readonly from: CardBinding['state']
  readonly sent: SentVerification
  readonly linked: LinkedBank
}

export async function verify(tools: BindingTools, id: string, proof: Proof): Promise<VerifyAnswer> {
  const begun = await orNothing(tools.db, (tx) => intend(tx, tools, id, proof))
  if (!begun.ok) return begun.refusal
  const message = await messageOf(tools, begun.value, proof)
  // The card was erased meanwhile: nothing can be sent, and it has to be given again.
  const answer: BankAnswer<Agreement> = message
    ? await begun.value.linked.bank.verify(message)
    : { outcome: 'unsent', detail: 'card_erased' }
  return tools.db.transact((tx) => settle(tx, tools, begun.value, answer))
}

/** Order of locks: number, binding, card. */
async function intend(
  tx: Tx,
  tools: BindingTools,
  id: string,
  proof: Proof,
): Promise<Result<Intent, VerifyAnswer>> {
  const { clock, ids } = tools
  const now = clock.now()
  const known = await readBinding(tx, id)
  if (!known) return refuse(no('unknown_binding', undefined))
  const line = (await lockSubscribers(tx, [known.msisdn], now)).get(known.msisdn)
  const binding = (await lockBinding(tx, id)) ?? known
  if (binding.state === 'active') return refuse({ outcome: 'active', binding })
  const linked = tools.bankOf(binding.bank)
  const refusal =
    (line?.status === 'active' ? undefined : 'number_not_in_service') ??
    askable(binding, proof, now) ??
    (linked && isOpen(tools, binding.bank, line?.region ?? '') ? undefined : 'not_open') ??
    (await isOthers(tx, tools, binding))
  if (refusal !== undefined || !linked) return refuse(no(refusal ?? 'not_open', binding))
  const withCode = proof.code !== undefined
  const claimed = await claim(tx, binding, { linked, withCode, now })
  if (claimed !== undefined) return refuse(no(claimed, binding))
  const token = binding.nextToken ?? binding.cardToken
  const sent: SentVerification = {
    id: ids.next(bucketOfId(token) ?? 0, now),
    ...{ cardToken: token, bindingId: id, withCode, exchange: linked.bank.begin(), sentAt: now },
  }
  await insertVerification(tx, sent)
  const after = await step(tx, tools, binding, {
    to: 'verifying',
    changes: { round: binding.round + 1, busyUntil: now + bindingPolicy.busyMs },
  })
  return accept({ binding: after, from: binding.state, sent, linked })
}

const no = (refusal: BindingRefusal, binding: CardBinding | undefined): VerifyAnswer => ({
  outcome: 'refused',
  refusal,
  binding,
})

function askable(
  { state, busyUntil, codeSentAt, codeTries }: CardBinding,
  { code }: Proof,
  now: number,
): BindingRefusal | undefined {
  if (state === 'unbound') return 'state_differs'
  if (busyUntil !== null && now < busyUntil) return 'in_progress'
  if (code === undefined) return undefined
  // After an answer that nobody holds, the code may be given again.
  if (codeSentAt === null) return 'state_differs'
  const { codeMs, codeTriesMax } = bindingPolicy
  return now >= codeSentAt + codeMs || codeTries >= codeTriesMax ? 'code_expired' : undefined
}

function isOpen({ bins }: BindingTools, bank: string, region: string): boolean {
  const terms = bins.termsOf(bank)
  return terms !== undefined && isOpenIn(terms, region)
}

/** The number may have another owner than when the binding began. */
async function isOthers(
  tx: Tx,
  { owners }: BindingTools,
  { msisdn, identityId }: CardBinding,
): Promise<BindingRefusal | undefined> {
  const owner = await owners.ownerOf(tx, msisdn)
  if (!owner) return 'owner_unknown'
  return owner.identityId === identityId ? undefined : 'owner_differs'
}

/** Makes the card this binding's, unless it is another's or one of the counts is full. */
async function claim(
  tx: Tx,
  binding: CardBinding,
  asked: { readonly linked: LinkedBank; readonly withCode: boolean; readonly now: number },
): Promise<BindingRefusal | undefined> {
  const { id, msisdn, bank } = binding
  const held = await countHeld(tx, { msisdn, bank, besides: id })
  if (held >= asked.linked.cardsPerNumberMax) return 'over_bank_maximum'
  const token = binding.nextToken ?? binding.cardToken
  if ((await claimCard(tx, token, id)) !== id) return 'bound_elsewhere'
  const since = asked.now - bindingPolicy.verificationsMs
  const busyCode = bindingWords.bank_busy.code
  const made = asked.withCode ? 0 : await countVerifications(tx, token, { since, busyCode })
  return made >= bindingPolicy.verificationsMax ? 'too_many_verifications' : undefined
}

/** In clear for as long as it takes to send it. Undefined when the card is in the vault no more. */
async function messageOf(
  { db, vault, owners }: BindingTools,
  { binding, sent }: Intent,
  proof: Proof,
): Promise<Verification | undefined> {
  const card = await vault.reveal(sent.cardToken, { for: 'bank_message' })
  if (!card.ok) return undefined
  const holder = await owners.reveal(db, binding.identityId, { for: 'bank_message' })
  const { pan, expiry } = card.value
  return {
    exchange: sent.exchange,
    card: { pan, ...(expiry && { expiry }) },
    name: holder.name,
    document: { kind: '01', number: holder.number },
    mobile: new Secret(national(binding.mobile)),
    ...proof,
  }
}

async function settle(
  tx: Tx,
  tools: BindingTools,
  { binding: asked, from, sent }: Intent,
  answer: BankAnswer<Agreement>,
): Promise<VerifyAnswer> {
  const now = tools.clock.now()
  const binding = await lockBinding(tx, asked.id)
  assert(binding, 'bindings stay')
  const {
    step: taken,
    told,
    ...said
  } = judgeAnswer(binding, { from, withCode: sent.withCode }, answer, now)
  await saveAnswer(tx, sent, { answer: said.answer, bankCode: said.bankCode, at: now })
  if (said.alarm) tx.afterCommit(() => alarm(tools, binding, said.bankCode ?? said.answer))
  // Ended, given up or asked again meanwhile: this answer is to an earlier question.
  if (binding.state !== 'verifying' || binding.round !== asked.round)
    return no('state_differs', binding)
  const after = await step(tx, tools, binding, await withPrint(tx, tools, binding, taken))
  if (told.outcome !== 'refused') return { outcome: told.outcome, binding: after }
  const opensAt = answer.outcome === 'unsent' ? answer.opensAt : undefined
  return { ...no(told.refusal, after), ...(opensAt !== undefined && { opensAt }) }
}

/** A replacement that is active now brings its own printed digits. */
async function withPrint(
  tx: Tx,
  { vault }: BindingTools,
  { nextToken }: CardBinding,
  taken: Step,
): Promise<Step> {
  if (taken.to !== 'active' || nextToken === null) return taken
  const [card] = await vault.describe(tx, [nextToken])
  assert(card, 'a token that was claimed is in the vault')
  return { ...taken, changes: { ...taken.changes, first6: card.first6, last4: card.last4 } }
}

const alarm = ({ onAlarm }: BindingTools, { bank, id }: CardBinding, said: string) =>
  onAlarm?.('card_verification', { bank, binding: id, said })
