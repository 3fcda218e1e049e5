/** A card that money is sent to and that nobody here has bound: its bank by its number, and its token. */
import type { CardVault } from '../card-vault/index.ts'
import type { Database } from '../db/index.ts'
import { accept, isCardNumber, type Result, refuse, type Secret } from '../kernel/index.ts'
import type { BankTerms, BinTable, Issuer } from './bin-table.ts'

export type PayeeCardRefusal =
  /** No card number, or of a bank that we have no link to. */
  'card_invalid' | 'credit_card'

export interface PayeeCard {
  readonly bank: string
  readonly token: string
  readonly last4: string
}

export interface PayeeCards {
  /** The bank by the number alone; nothing is kept. */
  look(pan: Secret): Result<Pick<BankTerms, 'name' | 'zh' | 'en'>, PayeeCardRefusal>
  /** Puts the number in the vault; the same card has the same token. */
  keep(pan: Secret): Promise<Result<PayeeCard, PayeeCardRefusal>>
}

export function createPayeeCards(tools: {
  readonly db: Database
  readonly vault: Pick<CardVault, 'bind'>
  readonly bins: BinTable
  readonly isLinked: (bank: string) => boolean
}): PayeeCards {
  const { db, vault, bins } = tools

  function issuerOf(pan: Secret): Result<Issuer & BankTerms, PayeeCardRefusal> {
    const issuer = isCardNumber(pan.reveal()) ? bins.issuerOf(pan) : undefined
    const terms = issuer && bins.termsOf(issuer.bank)
    if (!issuer || !terms || !tools.isLinked(issuer.bank)) return refuse('card_invalid')
    return issuer.kind === 'credit' ? refuse('credit_card') : accept({ ...issuer, ...terms })
  }

  return {
    look: issuerOf,
    async keep(pan) {
      const issuer = issuerOf(pan)
      if (!issuer.ok) return issuer
      const { bank, binLength } = issuer.value
      const kept = await db.transact((tx) => vault.bind(tx, { pan, expiry: null, binLength }))
      return kept.ok
        ? accept({ bank, token: kept.value.token, last4: kept.value.last4 })
        : refuse('card_invalid')
    },
  }
}
