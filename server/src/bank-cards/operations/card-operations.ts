/**
 * A durable client of banks. What is wanted is a row before the first octet leaves, and so is every message.
 * The same call under the same id answers where it stands; it sends again only what surely never left. A call
 * that rejects says nothing of what became of it: ask again.
 */
import { createCoalescer, type Tx } from '../../db/index.ts'
import { assert } from '../../kernel/index.ts'
import { sealSecret } from '../../keys/index.ts'
import type { BankUnsent } from '../bank.ts'
import { dayIsOver, dayOf } from './day.ts'
import { type Begun, createDriver, payeeSeal, pinSeal } from './drive.ts'
import { exchangesOf } from './exchange-store.ts'
import { armOperation, cancelOperation } from './jobs.ts'
import type { CardOperations, CardOrder, OperationAnswer, OperationKind } from './operation.ts'
import { bucketOf, insertOperations, readOperation, saveOperation } from './operation-store.ts'
import { answerOf, type Operation } from './record.ts'
import { hold } from './save.ts'
import type { OperationTools } from './tools.ts'

type Answered = Begun | BankUnsent

export interface CardOperationsDriver extends CardOperations {
  /** For the worker: does what is due next for an operation, and what follows. */
  carryOn(id: string): Promise<void>
}

export function createOperations(tools: OperationTools): CardOperationsDriver {
  const { db, clock, bankOf, keys } = tools
  const driver = createDriver(tools)

  const orders = createCoalescer<Operation, Begun | undefined>({
    now: clock.now,
    run: (wanted) => db.transact((tx) => placeNew(tx, wanted)),
  })

  async function order(kind: 'debit' | 'credit', given: CardOrder): Promise<OperationAnswer> {
    if (!bankOf(given.bank)) return unsent('unknown_bank')
    const wanted = operationOf(kind, { ...given, debitId: null })
    const card = await driver.cardOf(given.cardToken)
    if (card) {
      const begun = await orders.submit(wanted)
      if (begun?.letter) return answerNow(await driver.run(begun.letter, card))
    }
    // A card bound anew has another token: what was begun stays with the card it was begun with.
    const { cardToken } = (await readOperation(db, given.id)) ?? given
    const again = { ...wanted, cardToken }
    return inTrace(again, (tx) => placed(tx, again))
  }

  /** Orders of one moment share a transaction. Undefined for one that is there already. */
  async function placeNew(tx: Tx, wanted: readonly Operation[]): Promise<(Begun | undefined)[]> {
    const isNew = await insertOperations(tx, wanted)
    const begun: (Begun | undefined)[] = []
    for (const operation of wanted)
      begun.push(
        // Of two orders under one id the first is the new one.
        isNew.delete(operation.id)
          ? await driver.begin(tx, { operation, isNew: true }, 'caller')
          : undefined,
      )
    return begun
  }

  async function placed(tx: Tx, wanted: Operation): Promise<Answered> {
    const isNew = (await insertOperations(tx, [wanted])).size > 0
    const held = await hold(tx, wanted.id)
    assert(held, 'an operation is there once it was inserted')
    if (!isNew && !isSame(held.operation, wanted)) return unsent('exists_with_different_content')
    return driver.begin(tx, held, 'caller')
  }

  /** Reads the card before anything is written, for without it nothing can be sent; then sends. */
  async function inTrace(
    { id, cardToken }: Pick<Operation, 'id' | 'cardToken'>,
    begin: (tx: Tx) => Promise<Answered>,
  ): Promise<OperationAnswer> {
    const card = await driver.cardOf(cardToken)
    if (!card) {
      const known = await readOperation(db, id)
      return known ? answerNow(known) : unsent('card_erased')
    }
    const begun = await db.transact(begin)
    if ('outcome' in begun) return begun
    const { letter, operation } = begun
    return answerNow(letter ? await driver.run(letter, card) : operation)
  }

  /** What is begun and was not sent is said to be so; whoever is at it answers when it is over. */
  async function answerNow(operation: Operation): Promise<OperationAnswer> {
    if (operation.state !== 'begun' || operation.refusal) return answerOf(operation)
    const sent = await exchangesOf(db, operation)
    return sent.every(({ state }) => state === 'unsent')
      ? unsent(operation.detail ?? 'unsent')
      : answerOf(operation)
  }

  async function refund(given: { id: string; debitId: string; amount: bigint }) {
    const debit = await readOperation(db, given.debitId)
    if (debit?.kind !== 'debit') return unsent('debit_not_found')
    const { bank, cardToken, orderNo } = debit
    const wanted = operationOf('refund', { ...given, bank, cardToken, orderNo })
    return inTrace(wanted, (tx) => placedRefund(tx, wanted))
  }

  async function placedRefund(tx: Tx, wanted: Operation): Promise<Answered> {
    const debit = await holdDebit(tx, wanted.debitId ?? '')
    const known = await readOperation(tx, wanted.id)
    if (known && !isSame(known, wanted)) return unsent('exists_with_different_content')
    const sent = known ? await exchangesOf(tx, known) : []
    const isOpen = sent.every(({ state }) => state === 'unsent')
    if (!isOpen) return placed(tx, wanted)
    const refused = await refundProblem(tx, wanted, debit)
    if (refused) return refused
    const begun = await placed(tx, wanted)
    if ('outcome' in begun || !begun.letter) return begun
    const refunded = debit.refunded + wanted.amount
    saveOperation(tx, { ...debit, refunded }, clock.now())
    return begun
  }

  async function holdDebit(tx: Tx, id: string): Promise<Operation> {
    const held = await hold(tx, id)
    assert(held, 'a debit stays')
    return held.operation
  }

  async function refundProblem(
    tx: Tx,
    { amount }: Operation,
    debit: Operation,
  ): Promise<BankUnsent | undefined> {
    if (debit.state !== 'done') return unsent(`debit_${debit.state}`)
    if (debit.refunded + amount > debit.amount) return unsent('more_than_debited')
    const slot = bankOf(debit.bank)
    if (!slot) return unsent('unknown_bank')
    // A part cannot be voided, and a refund begins on the bank's next day.
    const isWhole = amount === debit.amount
    if (isWhole || (await dayIsOver(tx, { slot, debit, now: clock.now() }))) return undefined
    const opensAt = slot.time.startOf(slot.time.nextDate(dayOf(debit, slot)))
    return { ...unsent('bank_day_open'), opensAt }
  }

  async function reverse(debitId: string): Promise<OperationAnswer> {
    const debit = await readOperation(db, debitId)
    if (debit?.kind !== 'debit') return unsent('not_found')
    return inTrace(debit, (tx) => takenBack(tx, debitId))
  }

  async function takenBack(tx: Tx, debitId: string): Promise<Answered> {
    const operation = await holdDebit(tx, debitId)
    const now = clock.now()
    const move = (change: Partial<Operation>): Operation => {
      const moved = {
        ...operation,
        refusal: null,
        sealedPin: null,
        detail: 'taken_back',
        ...change,
      }
      saveOperation(tx, moved, now)
      return moved
    }
    if (operation.refunded > 0n) return unsent('refunded')
    if (operation.state === 'begun') {
      const sent = await exchangesOf(tx, operation)
      if (sent.some(({ state }) => state === 'begun'))
        return { operation: move({ state: 'reversing' }) }
      cancelOperation(tx, operation)
      return { operation: move({ state: 'reversed' }) }
    }
    // What was to be bought once more after a reversal is not.
    if (operation.state === 'reversing') return { operation: move({}) }
    if (operation.state !== 'done' && operation.state !== 'unknown') return { operation }
    const reversing = move({ state: 'reversing' })
    armOperation(tx, reversing, now)
    return driver.begin(tx, { operation: reversing }, 'at_it')
  }

  function operationOf(
    kind: OperationKind,
    given: CardOrder & { readonly debitId: string | null },
  ): Operation {
    const { id, bank, cardToken, amount, orderNo, debitId, pin, payee } = given
    return {
      ...{ bucket: bucketOf(id), id, kind, bank, cardToken, amount, orderNo, debitId },
      ...{ state: 'begun', detail: null, refusal: null, trace: null, retries: 0, refunded: 0n },
      sealedPin: pin && kind === 'debit' ? sealSecret(keys, pinSeal(id), pin) : null,
      sealedPayee: payee && kind === 'credit' ? sealSecret(keys, payeeSeal(id), payee) : null,
      createdAt: clock.now(),
    }
  }

  return {
    debit: (given) => order('debit', given),
    credit: (given) => order('credit', given),
    refund,
    reverse,
    async statusOf(id) {
      return (await readOperation(db, id))?.state ?? 'not_found'
    },
    async refusalOf(id) {
      const found = await readOperation(db, id)
      return found?.state === 'refused' ? (found.refusal ?? undefined) : undefined
    },
    async balance({ bank, cardToken, pin }) {
      const slot = bankOf(bank)
      if (!slot) return unsent('unknown_bank')
      const card = await driver.cardOf(cardToken)
      if (!card) return unsent('card_erased')
      return slot.bank.balance({ exchange: slot.bank.begin(), card, ...(pin && { pin }) })
    },
    async carryOn(id) {
      const begun = await driver.carryOn(id)
      if (!begun?.letter) return
      const card = await driver.cardOf(begun.operation.cardToken)
      assert(card, 'a card is not erased while an operation of it is open')
      await driver.run(begun.letter, card)
    },
  }
}

const unsent = (detail: string): BankUnsent => ({ outcome: 'unsent', detail })

const isSame = (a: Operation, b: Operation): boolean =>
  a.kind === b.kind &&
  a.bank === b.bank &&
  a.cardToken === b.cardToken &&
  a.amount === b.amount &&
  a.orderNo === b.orderNo &&
  a.debitId === b.debitId
