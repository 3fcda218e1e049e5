/**
 * The front door for collecting by a code that the payer shows. The code is taken, and what comes of it written down
 * and paid, in one transaction: nobody can die in between. It is not one of the lane's batches, for whose number is to
 * be locked is known when the code is taken.
 *
 * Locks: the key, the alias, then numbers and accounts as in every batch.
 */
import type { Tx } from '../db/index.ts'
import { findSubscribers } from '../subscribers/index.ts'
import { openPurse, readPurses } from '../wallet/index.ts'
import { isLive } from './book.ts'
import type { Results } from './command.ts'
import { runCommands } from './commands.ts'
import { inRefusal, type Refused, refused } from './decide/checks.ts'
import { checkKey, checkTexts, idFor, type Lane } from './lane.ts'
import type { BatchContext } from './load.ts'
import type { Codes } from './ports.ts'
import type { MoneyRequest } from './request.ts'
import { lockKey, tables } from './store.ts'
import type { Collect, Transfers } from './transfers.ts'

type Collected = Results['collect']

export interface CollectingTools {
  readonly context: BatchContext
  readonly codes: Codes
  readonly refresh: () => Promise<unknown>
  readonly changed: (numbers: readonly string[]) => void
}

export function collectingDoor(lane: Lane, tools: CollectingTools): Pick<Transfers, 'collect'> {
  const { db } = lane
  return {
    async collect(order) {
      checkKey(order)
      checkTexts(order.memo)
      await tools.refresh()
      const collected = await db.transact((tx) => collectIn(tx, lane, tools, order))
      if (collected.ok) {
        const { msisdn, payer } = collected.value.request
        tools.changed([msisdn, payer])
      }
      return collected
    },
  }
}

/** What is refused before the code is taken leaves nothing behind; wrong codes are counted, so it commits. */
async function collectIn(
  tx: Tx,
  lane: Lane,
  { context, codes }: CollectingTools,
  order: Collect,
): Promise<Collected> {
  await lockKey(tx, order)
  const [before] = await tables.request.byKeys(tx, [order])
  if (before) return again(before, order)
  const unable = await readerRefusal(tx, lane, context, order)
  if (unable) return unable
  const { digits, reader, ...rest } = order
  const taken = await codes.take(tx, { digits, ...reader })
  if (!taken.ok) return refused(taken.refusal)
  const { msisdn: payer, alias: codeAlias, step: codeStep } = taken.value
  const placed = {
    ...{ ...rest, payer, codeAlias, codeStep },
    ...{ requestId: idFor(lane, order.msisdn), transferId: idFor(lane, payer) },
  }
  const needs = { numbers: [payer, order.msisdn] }
  const commands = [{ kind: 'collect', needs, order: placed }] as const
  const [collected] = await runCommands(tx, context, commands, lane.clock.now())
  // `decide` answers each kind of command with its own kind of result.
  return collected as Collected
}

/** Which code it was is known by its alias, for an alias has one code at a time. */
function again(request: MoneyRequest, { digits, amount, memo = '' }: Collect): Collected {
  const isSame =
    request.codeAlias !== null &&
    digits.includes(request.codeAlias) &&
    request.amount === amount &&
    request.memo === memo
  if (!isSame) return refused('exists_with_different_content')
  return { ok: true, value: { request, replayed: true } }
}

/** Who could not be paid does not get as far as a code. */
async function readerRefusal(
  tx: Tx,
  { names, clock }: Lane,
  { policy }: BatchContext,
  { msisdn, amount }: Collect,
): Promise<Refused | null> {
  const purses = await readPurses(tx, { numbers: [msisdn] })
  const subscribers = await findSubscribers(tx, [msisdn], clock.now())
  const purse = openPurse({ subscribers, purseOf: () => purses.find(isLive) }, msisdn)
  if ('ok' in purse) return purse
  if ((await names.of(tx, msisdn))?.level !== 'verified') return refused('not_verified')
  if (inRefusal(purse)) return refused('own_frozen_in')
  const left = policy().walletSingleLimit
  if (amount <= 0n) return refused('amount_too_small')
  return amount > left ? refused('over_single_limit', { left }) : null
}
