/**
 * Which accounts and pending transfers a batch may move, known before it is decided, so that they are locked
 * at once and in order. More may be locked than is moved; never less.
 */
import {
  type AccountRef,
  bankClearing,
  counterCash,
  type LedgerNeeds,
  userBalance,
  withdrawalFeeIncome,
  withdrawalsInTransit,
} from '../ledger/index.ts'
import type { Command } from './command.ts'
import { isUnfinished } from './movement.ts'
import type { BoundCard } from './ports.ts'
import type { KeptAccount, KeptMovement } from './rows.ts'

interface Known {
  readonly accounts: readonly KeptAccount[]
  readonly movements: readonly KeptMovement[]
  readonly cards: ReadonlyMap<string, BoundCard>
}

export function moneyOf(commands: readonly Command[], known: Known): LedgerNeeds {
  const accounts = new Map<string, AccountRef>()
  const pendings = new Map<string, { readonly bucket: number; readonly id: string }>()
  const add = (...refs: readonly AccountRef[]) => {
    for (const ref of refs) accounts.set(`${ref.bucket}/${ref.name}`, ref)
  }
  const byId = new Map(known.movements.map((movement) => [movement.id, movement]))
  for (const { bucket, id } of known.accounts) add(userBalance(bucket, id))
  const buckets = new Map(known.accounts.map(({ msisdn, bucket }) => [msisdn, bucket]))
  for (const command of commands) {
    const bucket = buckets.get(command.msisdn)
    if (bucket === undefined) continue
    if (command.kind === 'bank_answered') {
      const movement = byId.get(command.movementId)
      if (!movement || !isUnfinished(movement)) continue
      add(...accountsOf(bucket, movement.kind, movement.bank))
      const next = byId.get(movement.linkedId ?? '')
      if (next) add(...accountsOf(bucket, next.kind, next.bank))
      if (movement.kind === 'top_up') pendings.set(movement.id, { bucket, id: movement.id })
    } else if (command.kind === 'close') {
      const { payTo } = command.order
      if (payTo && 'till' in payTo) add(counterCash(bucket, payTo.till))
      if (payTo && 'cardId' in payTo)
        add(...accountsOf(bucket, 'withdrawal', known.cards.get(payTo.cardId)?.bank ?? null))
    } else if (command.kind === 'repayment') {
      const { cardId, fromCardId = '' } = command.order
      add(...accountsOf(bucket, command.kind, known.cards.get(cardId)?.bank ?? null))
      add(...accountsOf(bucket, 'top_up', known.cards.get(fromCardId)?.bank ?? null))
    } else if (command.kind === 'card_transfer')
      add(...accountsOf(bucket, command.kind, command.order.card.bank))
    else if ('till' in command.order) add(counterCash(bucket, command.order.till))
    else {
      const bank = known.cards.get(command.order.cardId)?.bank ?? null
      add(...accountsOf(bucket, command.kind, bank))
    }
  }
  return { accounts: [...accounts.values()], pendings: [...pendings.values()] }
}

function accountsOf(bucket: number, kind: string, bank: string | null): AccountRef[] {
  if (bank === null) return []
  if (kind === 'top_up') return [bankClearing(bucket, bank)]
  return [
    bankClearing(bucket, bank),
    withdrawalsInTransit(bucket, bank),
    withdrawalFeeIncome(bucket),
  ]
}
