/**
 * Carries an operation on, one message at a time: intent committed, sent, answer committed. Whoever dies in
 * between leaves a job behind. Nothing is decided here: `plan.ts` and `settle.ts` do.
 */
import { setTimeout as sleepFor } from 'node:timers/promises'
import { createCoalescer, type Tx } from '../../db/index.ts'
import { assert, type Secret } from '../../kernel/index.ts'
import { openSecret, type Seal } from '../../keys/index.ts'
import type { BankCard } from '../bank.ts'
import type { BankSlot } from './bank-slot.ts'
import { dayIsOver } from './day.ts'
import { exchangesOf, exchangesOfMany, insertExchange, saveExchange } from './exchange-store.ts'
import { armOperation, cancelOperation } from './jobs.ts'
import { type Letter, originalOf, sendMessage } from './messages.ts'
import { lockOperations, saveOperation } from './operation-store.ts'
import { type Plan, plan } from './plan.ts'
import type { Operation, SentExchange } from './record.ts'
import { type Held, hold, holdKnown, save } from './save.ts'
import {
  type Next,
  type SendAnswer,
  type Situation,
  settleOrder,
  settleReversal,
  situationOf,
} from './settle.ts'
import { settleLate } from './settle-late.ts'
import { purchaseToUndo } from './standing.ts'
import type { OperationTools } from './tools.ts'

export interface Begun {
  readonly operation: Operation
  /** What is to be sent now; its intent is kept once the transaction has committed. */
  readonly letter?: Letter
}

export type Driver = ReturnType<typeof createDriver>

const given_up: SendAnswer = { outcome: 'unknown', detail: 'nobody_heard_it', alarm: false }
/** How long a caller waits for a link that repairs itself. */
const patienceMs = 5_000
const lookEveryMs = 100

export const pinKey = 'bank:order-pin'
export const pinSeal = (id: string): Seal => ({ name: pinKey, context: `pin ${id}` })
export const payeeSeal = (id: string): Seal => ({ name: pinKey, context: `payee ${id}` })

export function createDriver(tools: OperationTools) {
  const { db, clock, bankOf, vault, keys, sleep = sleepFor } = tools

  function slotOf({ bank }: Pick<Operation, 'bank'>): BankSlot {
    const slot = bankOf(bank)
    assert(slot, `there is a bank ${bank}`)
    return slot
  }

  async function begin(tx: Tx, held: Held, who: 'caller' | 'at_it'): Promise<Begun> {
    const slot = slotOf(held.operation)
    const now = clock.now()
    const sent = held.isNew ? [] : await exchangesOf(tx, held.operation)
    const over = held.debit ? await dayIsOver(tx, { slot, debit: held.debit, now }) : false
    const circumstances = { sent, now, longestMs: slot.longestMs, who, dayIsOver: over }
    const planned = plan({ operation: held.operation, ...circumstances })
    if (planned.kind !== 'give_up') return follow(tx, { held, sent, now, slot, who }, planned)
    const { sent: lost } = planned
    const situation = situationOf(held.operation, lost, { all: sent, now })
    const settlement = settlementOf(situation, given_up, sent)
    const { longestMs } = slot
    const { debit } = held
    const operation = await save(tx, tools, { situation, debit, settlement, longestMs })
    const rest = await exchangesOf(tx, operation)
    const again = plan({ operation, ...circumstances, sent: rest })
    return follow(tx, { held: { ...held, operation }, sent: rest, now, slot, who }, again)
  }

  async function follow(
    tx: Tx,
    { held, sent, now, slot, who }: FollowOptions,
    planned: Plan,
  ): Promise<Begun> {
    const { operation, debit } = held
    switch (planned.kind) {
      case 'wait':
        if (who === 'at_it') armOperation(tx, operation, planned.until)
        return { operation }
      case 'too_late': {
        const late: Operation = {
          ...operation,
          state: 'refused',
          detail: 'too_late',
          sealedPin: null,
        }
        saveOperation(tx, late, now)
        cancelOperation(tx, operation)
        return { operation: late }
      }
      case 'send': {
        const message = messageOf({ operation, sent, now, slot }, planned)
        if (planned.again) saveExchange(tx, message)
        else insertExchange(tx, message)
        armOperation(tx, operation, now + slot.longestMs)
        const ofDebit = debit ? await exchangesOf(tx, debit) : sent
        const original = originalOf(message, ofDebit)
        const trace = debit?.trace
        return {
          operation,
          letter: { operation, message, ...(original && { original }), ...(trace && { trace }) },
        }
      }
      default:
        if (who === 'at_it') cancelOperation(tx, operation)
        return { operation }
    }
  }

  const answers = createCoalescer<Heard, Settled>({
    now: clock.now,
    run: (heard) => db.transact((tx) => settleAll(tx, heard)),
  })

  /** Answers of one moment share a transaction; what gives back a debit locks that too, and goes alone. */
  const settle = (heard: Heard): Promise<Settled> =>
    heard.letter.operation.debitId === null
      ? answers.submit(heard)
      : db.transact((tx) => settleOne(tx, heard))

  async function settleAll(tx: Tx, heard: readonly Heard[]): Promise<Settled[]> {
    const ids = [...new Set(heard.map(({ letter }) => letter.operation.id))]
    const [locked, sent] = await Promise.all([lockOperations(tx, ids), exchangesOfMany(tx, ids)])
    const unsettled = new Map(locked.map((operation) => [operation.id, operation]))
    const settled: Settled[] = []
    for (const one of heard) {
      const { id } = one.letter.operation
      const operation = unsettled.get(id)
      const all = sent.filter(({ operationId }) => operationId === id)
      // A second answer to one operation is judged by what the first has made of it.
      const done = operation ? settleHeld(tx, { operation, all }, one) : settleOne(tx, one)
      unsettled.delete(id)
      settled.push(await done)
    }
    return settled
  }

  async function settleOne(tx: Tx, heard: Heard): Promise<Settled> {
    const held = await holdKnown(tx, heard.letter.operation)
    assert(held, 'an operation stays')
    return settleHeld(tx, { ...held, all: await exchangesOf(tx, held.operation) }, heard)
  }

  async function settleHeld(
    tx: Tx,
    { operation, debit, all }: Held & { readonly all: readonly SentExchange[] },
    { letter: { message }, answer }: Heard,
  ): Promise<Settled> {
    const { longestMs } = slotOf(operation)
    const sent = all.find(({ no }) => no === message.no)
    assert(sent, 'a message stays')
    const situation = situationOf(operation, sent, { all, now: clock.now() })
    const isOurs = sent.state === 'begun' && sent.sends === message.sends
    const settlement = isOurs ? settlementOf(situation, answer, all) : late(situation, answer)
    if (!settlement) return { operation }
    const saved = await save(tx, tools, { situation, debit, settlement, longestMs })
    return { operation: saved, ...(settlement.next && { next: settlement.next }) }
  }

  /** Sends what was begun, and what follows from its answer, as far as it goes now. */
  async function run(letter: Letter, card: BankCard): Promise<Operation> {
    const slot = slotOf(letter.operation)
    for (let current = letter; ; ) {
      const secrets = { pin: pinOf(current.operation), payee: payeeOf(current.operation) }
      const answer = await sendMessage(slot.bank, current, { card, ...secrets })
      const { operation, next } = await settle({ letter: current, answer })
      if (next?.who !== 'caller') return operation
      if (next.when === 'link_ready') await linkReady(slot)
      const begun = await carryOn(operation.id)
      if (!begun?.letter) return begun?.operation ?? operation
      current = begun.letter
    }
  }

  const carryOn = (id: string) =>
    db.transact(async (tx) => {
      const held = await hold(tx, id)
      return held && begin(tx, held, 'at_it')
    })

  async function linkReady({ bank }: BankSlot): Promise<void> {
    for (let waited = 0; waited < patienceMs && !bank.health().up; waited += lookEveryMs)
      await sleep(lookEveryMs)
  }

  function pinOf({ id, sealedPin }: Operation): Secret | undefined {
    return sealedPin === null ? undefined : openSecret(keys, pinSeal(id), sealedPin)
  }

  function payeeOf({ id, sealedPayee }: Operation): Secret | undefined {
    return sealedPayee === null ? undefined : openSecret(keys, payeeSeal(id), sealedPayee)
  }

  async function cardOf(token: string): Promise<BankCard | undefined> {
    const found = await vault.reveal(token, { for: 'bank_message' })
    if (!found.ok) return undefined
    const { pan, expiry } = found.value
    return { pan, ...(expiry && { expiry }) }
  }

  return { begin, run, carryOn, cardOf }
}

interface FollowOptions {
  readonly held: Held
  readonly sent: readonly SentExchange[]
  readonly now: number
  readonly slot: BankSlot
  readonly who: 'caller' | 'at_it'
}

/** What came of a message. */
interface Heard {
  readonly letter: Letter
  readonly answer: SendAnswer
}

interface Settled {
  readonly operation: Operation
  readonly next?: Next
}

function messageOf(
  {
    operation,
    sent,
    now,
    slot,
  }: Pick<FollowOptions, 'sent' | 'now' | 'slot'> & {
    readonly operation: Operation
  },
  { verb, again }: Extract<Plan, { kind: 'send' }>,
): SentExchange {
  if (again) return { ...again, state: 'begun', sends: again.sends + 1, sentAt: now }
  const { bucket, id: operationId, bank, amount } = operation
  return {
    ...{ bucket, operationId, bank, amount, no: sent.length + 1, kind: verb },
    ...{ exchange: slot.bank.begin(), state: 'begun', code: null, settledOn: null },
    ...{ sends: 1, begunAt: now, sentAt: now },
    reverses: verb === 'reversal' ? (purchaseToUndo(sent)?.no ?? null) : null,
  }
}

function settlementOf(situation: Situation, answer: SendAnswer, all: readonly SentExchange[]) {
  if (situation.sent.kind !== 'reversal') return settleOrder(situation, answer)
  const reversals = all
    .filter(({ kind }) => kind === 'reversal')
    .reduce((sum, { sends }) => sum + sends, 0)
  const purchase = all.find(({ no }) => no === situation.sent.reverses)
  return settleReversal(situation, answer, { reversals, purchase })
}

/** The answer came after it had been given up. */
function late(situation: Situation, answer: SendAnswer) {
  if (answer.outcome === 'done')
    return settleLate(situation, { meaning: 'approved', code: 'BR-00', trace: answer.value })
  if (answer.outcome === 'refused')
    return settleLate(situation, { meaning: 'refused', code: answer.refusal.code, trace: {} })
  return undefined
}
