/** Which limit counters a batch may look at or change: they are loaded beforehand, all of them. */
import { type BusinessTime, bucketOf } from '../kernel/index.ts'
import {
  type CounterKey,
  cardDay,
  counterName,
  merchantDay,
  numberDay,
  numberMonth,
  walletPeriods,
} from '../risk/index.ts'
import { destinationOf, webService } from './access-code.ts'
import { type CodePayer, codeDayOf } from './code-limit.ts'
import type { Command } from './command.ts'
import type { Purse } from './purse.ts'

interface Taken extends CodePayer {
  readonly merchantId: string
  readonly confirmedAt: number | null
}

/**
 * A number may say yes at the time of each of its texts or now, to each merchant it deals with here;
 * and what was taken at an earlier yes may be given back.
 */
export function countersOf(
  time: BusinessTime,
  commands: readonly Command[],
  { payments, purses }: { readonly payments: readonly Taken[]; readonly purses: readonly Purse[] },
  now: number,
) {
  const numbers = new Map<string, CounterKey>()
  const merchants = new Map<string, CounterKey>()
  const put = (keys: Map<string, CounterKey>, key: CounterKey) => keys.set(counterName(key), key)
  const addNumber = (msisdn: string, at: number) => {
    put(numbers, numberDay(time, msisdn, at))
    put(numbers, numberMonth(time, msisdn, at))
  }
  for (const [msisdn, { times, sellers, isBilled }] of dealings(commands, payments, now))
    for (const at of times) {
      if (isBilled) addNumber(msisdn, at)
      for (const seller of sellers) put(merchants, merchantDay(time, seller, at))
    }
  const addCard = (msisdn: string, { id }: { readonly id: string }, at: number) =>
    put(numbers, cardDay(time, { msisdn, id }, at))
  for (const command of commands)
    if (command.kind === 'order' && command.order.card)
      addCard(command.msisdn, command.order.card, now)
  for (const { msisdn, card, confirmedAt } of payments)
    if (card) addCard(msisdn, card, confirmedAt ?? now)
  // Of a wallet that may pay now, and of the day on which what may come back was paid.
  const addWallet = (wallet: Pick<Purse, 'bucket' | 'walletId'>, at: number) => {
    for (const key of Object.values(walletPeriods(time, wallet, at))) put(numbers, key)
  }
  for (const purse of purses)
    for (const period of purse.counted) put(numbers, walletPeriods(time, purse, now)[period])
  for (const { bucket, purse, confirmedAt } of payments)
    if (purse) addWallet({ bucket, ...purse }, confirmedAt ?? now)
  const addCode = (payer: CodePayer, at: number) => {
    const key = codeDayOf(time, payer, at)
    if (key) put(numbers, key)
  }
  for (const payment of payments) addCode(payment, payment.confirmedAt ?? now)
  for (const payer of codeOrders(commands, purses)) addCode(payer, now)
  for (const { msisdn, merchantId, confirmedAt } of payments)
    if (confirmedAt !== null) {
      addNumber(msisdn, confirmedAt)
      put(merchants, merchantDay(time, merchantId, confirmedAt))
    }
  return { numbers: [...numbers.values()], merchants: [...merchants.values()] }
}

/** Orders that begin with a code, and what is to pay them. */
function codeOrders(commands: readonly Command[], purses: readonly Purse[]): CodePayer[] {
  const current = new Map(
    purses.flatMap((one) => (one.isCurrent ? [[one.msisdn, one] as const] : [])),
  )
  return commands.flatMap((command) => {
    if (command.kind !== 'order' || command.order.codeProof === undefined) return []
    const { msisdn, card = null, source, codeProof } = command.order
    const purse = source === 'wallet' ? (current.get(msisdn) ?? null) : null
    return [{ bucket: bucketOf(msisdn), msisdn, card, purse, codeProof }]
  })
}

interface Dealing {
  readonly times: Set<number>
  readonly sellers: Set<string>
  /** Its phone bill may have to do with it. */
  isBilled: boolean
}

/** By number: when it acts in this batch, and with whom. */
function dealings(commands: readonly Command[], payments: readonly Taken[], now: number) {
  const found = new Map<string, Dealing>()
  const of = (msisdn: string) => {
    const known = found.get(msisdn)
    if (known) return known
    const made: Dealing = { times: new Set([now]), sellers: new Set(), isBilled: false }
    found.set(msisdn, made)
    return made
  }
  for (const command of commands) {
    const dealing = of(command.msisdn)
    if (command.kind === 'text') dealing.times.add(command.text.receivedAt)
    if (!isPaidElsewhere(command)) dealing.isBilled = true
    const seller = merchantOf(command)
    if (seller !== null) dealing.sellers.add(seller)
  }
  for (const { msisdn, merchantId } of payments) {
    const dealing = of(msisdn)
    dealing.sellers.add(merchantId)
    dealing.isBilled = true
  }
  return found
}

/** Not from the phone bill. By text its refusal says what is left of that. */
const isPaidElsewhere = (command: Command): boolean =>
  command.kind === 'order' &&
  command.order.channel !== 'sms' &&
  (command.order.source === 'wallet' || command.order.card !== undefined)

/** The merchant a command names; a text to the number of web purchases names none. */
export function merchantOf(command: Command): string | null {
  if (command.kind === 'order') return command.order.merchantId
  if (command.kind !== 'text') return null
  const destination = destinationOf(command.text.to)
  const service = 'service' in destination ? destination.service : null
  return service === webService ? null : service
}
