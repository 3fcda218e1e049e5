/**
 * Bank cards bound to numbers (BK-1, 2, 3, 11): one card is one number's, a number has as many as the bank
 * allows, and only what the bank has confirmed pays for anything.
 */
import type { Reader, Tx } from '../db/index.ts'
import { accept, type Msisdn, type Result, refuse, type Secret } from '../kernel/index.ts'
import type { AgreementRecord } from './agreement.ts'
import { readAgreements, saveVoucher } from './agreement-store.ts'
import { begin, type NewBinding, type Rebinding, rebind } from './begin.ts'
import type { CardBinding } from './binding.ts'
import {
  type AppliedEffect,
  applyEffect,
  type EffectAnswer,
  end,
  releaseBindings,
} from './binding-effects.ts'
import { step } from './binding-steps.ts'
import { bindingsOf, lockBinding, readBinding, readBindings } from './binding-store.ts'
import type { BindingTools } from './binding-tools.ts'
import { type CardChecks, type CheckedCard, checkCard } from './card-checks.ts'
import { type CardLimit, limitOf } from './limits.ts'
import { type Proof, type VerifyAnswer, verify } from './verification.ts'
import type { BindingRefusal } from './words.ts'

export interface CardBindings {
  /** Our own rules one by one, for a clerk to see; no bank is asked and nothing is written. */
  check(given: CheckedCard): Promise<CardChecks>
  /** All that can be told without the bank. The same card again answers the binding that is under way. */
  begin(given: NewBinding): Promise<Result<CardBinding, BindingRefusal>>
  /** Asks the bank, and is to be called again with the code it texted, or when nobody answered. */
  verify(id: string, proof: Proof): Promise<VerifyAnswer>
  /** The same card again, or a replacement of the same bank and kind; `verify` then asks the bank. */
  rebind(given: Rebinding): Promise<Result<CardBinding, BindingRefusal>>
  /** Twice is once. */
  unbind(tx: Tx, id: string): Promise<Result<CardBinding, 'unknown_binding'>>
  /** Whether it is this binding's card that lies on the counter. */
  isCard(id: string, pan: Secret): Promise<boolean>

  /** What a bank's refusal does to the card it was about. */
  apply(tx: Tx, effect: AppliedEffect): Promise<EffectAnswer | undefined>
  /** The number goes to somebody else: every binding of it ends. */
  release(tx: Tx, msisdn: Msisdn): Promise<readonly CardBinding[]>

  find(reader: Reader, id: string): Promise<CardBinding | undefined>
  /** Those that are known. */
  read(reader: Reader, ids: readonly string[]): Promise<readonly CardBinding[]>
  /** All that have not ended, oldest first. */
  cardsOf(reader: Reader, msisdn: Msisdn): Promise<readonly CardBinding[]>
  /** The active card that the owner prefers; without a choice a debit card, the oldest. */
  defaultCard(reader: Reader, msisdn: Msisdn): Promise<CardBinding | undefined>
  setDefault(tx: Tx, id: string): Promise<Result<CardBinding, 'unknown_binding' | 'state_differs'>>
  /** Whether the card may pay at `now`, and how much. */
  limitFor(card: CardBinding, now: number): Result<CardLimit, BindingRefusal>

  agreementsOf(reader: Reader, id: string): Promise<readonly AgreementRecord[]>
  /** Of the last agreement; once. */
  noteVoucher(
    tx: Tx,
    id: string,
    voucherNo: string,
  ): Promise<Result<AgreementRecord, 'unknown_binding' | 'voucher_differs'>>
}

export function createCardBindings(tools: BindingTools): CardBindings {
  const { db, clock, vault, bins } = tools
  return {
    check: (given) => checkCard(tools, given),
    begin: (given) => begin(tools, given),
    verify: (id, proof) => verify(tools, id, proof),
    rebind: (given) => rebind(tools, given),
    async unbind(tx, id) {
      const binding = await lockBinding(tx, id)
      if (!binding) return refuse('unknown_binding')
      if (binding.state === 'unbound') return accept(binding)
      return accept(await step(tx, tools, binding, end('asked_for')))
    },
    async isCard(id, pan) {
      const binding = await readBinding(db, id)
      const card = binding && (await vault.reveal(binding.cardToken, { for: 'bank_message' }))
      return card?.ok === true && card.value.pan.reveal() === pan.reveal()
    },
    apply: (tx, effect) => applyEffect(tx, tools, effect),
    release: (tx, msisdn) => releaseBindings(tx, tools, msisdn),
    find: readBinding,
    read: readBindings,
    cardsOf: bindingsOf,
    defaultCard: async (reader, msisdn) => preferredOf(await bindingsOf(reader, msisdn)),
    async setDefault(tx, id) {
      const binding = await lockBinding(tx, id)
      if (!binding) return refuse('unknown_binding')
      if (binding.state !== 'active') return refuse('state_differs')
      const changes = { preferredAt: clock.now() }
      return accept(await step(tx, tools, binding, { to: 'active', changes }))
    },
    limitFor: (card, now) => limitOf(card, bins.termsOf(card.bank), now),
    agreementsOf: readAgreements,
    async noteVoucher(tx, id, voucherNo) {
      const last = (await readAgreements(tx, id)).at(-1)
      if (!last) return refuse('unknown_binding')
      if (!(await saveVoucher(tx, last, voucherNo))) return refuse('voucher_differs')
      return accept({ ...last, voucherNo })
    },
  }
}

/** Of the cards of a number, the default one. */
export const preferredOf = (cards: readonly CardBinding[]): CardBinding | undefined =>
  cards.filter(({ state }) => state === 'active').toSorted(byPreference)[0]

const rankOf = ({ kind }: CardBinding) => (kind === 'debit' ? 0 : 1)

const byPreference = (a: CardBinding, b: CardBinding): number =>
  (b.preferredAt ?? 0) - (a.preferredAt ?? 0) ||
  rankOf(a) - rankOf(b) ||
  (a.boundAt ?? 0) - (b.boundAt ?? 0)
