/**
 * Our books of cards and wallets beside those that the banks keep themselves, message by message, and what people
 * were told beside both. The banks' books are the simulated banks' own: nothing of ours has written them.
 */
import type { Bank } from '@telepurse/simulators'
import type { Reader } from '../../server/src/db/index.ts'
import { type BankName, bankNames } from '../cards/banks.ts'
import { notCharged, paid, type Row } from './both-books.ts'
import { cardBalance, holders, stranger } from './people.ts'
import { balances, leftovers, owedByBanks } from './wallet-sums.ts'

export interface Ledgers {
  /** A request stands for one movement or transfer, whatever comes after. */
  acknowledged(name: string, id: string): void
  /** The same of a payment. */
  ordered(name: string, id: string): void
  /** What somebody saw on a screen. */
  seen(id: string, state: string): void
  /** A transfer to a card, by a name that is not its holder's. */
  misnamed(id: string): void
  /** What a stranger was told of a PIN that was no PIN. */
  guessed(answer: string): void
  pinRenewed(): void
  check(payments: readonly Row[]): Promise<string[]>
  /** The above, when nothing is on its way any more. */
  atTheEnd(payments: readonly Row[]): Promise<string[]>
  /** What movements and transfers came to, as text. */
  digest(): Promise<string[]>
}

/** What a bank shows of its own books. */
export type BankLedger = Pick<Bank, 'transactions' | 'complaints' | 'ownBalances'> & {
  card(pan: string): { readonly balance: bigint } | undefined
}

/** An operation with what its bank has of it. */
interface Asked {
  readonly id: string
  readonly kind: 'debit' | 'credit' | 'refund'
  readonly state: string
  readonly debit_id: string | null
  readonly amount: bigint
  readonly bank: BankName
  /** Purchases that stand, and what was given back of them. */
  taken: bigint[]
  returned: bigint
  /** Credits that were done, and those the bank has not decided. */
  given: bigint[]
  undecided: number
}

interface Movement {
  readonly id: string
  readonly kind: string
  readonly state: string
  readonly amount: bigint
  readonly msisdn: string
  readonly bank: string | null
}

const final = [
  ...['done', 'refused', 'reversed', 'paid', 'returned', 'cancelled'],
  ...['written_off', 'refunded'],
  ...['closed', 'stopped', 'void', 'emptied', 'opened', 'declined'],
]
/** One less than the tries there are: the last one answers that it is locked. */
const wrongMax = 4

export function createLedgers({
  reader,
  banks,
}: {
  readonly reader: Reader
  readonly banks: Readonly<Record<BankName, BankLedger>>
}): Ledgers {
  const offences: string[] = []
  const ids = new Map<string, string>()
  const orders = new Map<string, string>()
  const states = new Map<string, string>()
  const misnamed = new Set<string>()
  let wrong = 0
  let renewals = 0

  /** All operations with what stands of them at their banks; what is nobody's goes to `found`. */
  async function operations(found: string[]): Promise<Map<string, Asked>> {
    const rows = await reader.query<Omit<Asked, 'taken' | 'returned' | 'given' | 'undecided'>>(
      'select id, kind, state, debit_id, amount, bank from bank_operation order by id',
    )
    const all = new Map<string, Asked>(
      rows.map((row) => [row.id, { ...row, taken: [], returned: 0n, given: [], undecided: 0 }]),
    )
    const keys = new Map(
      (
        await reader.query<{ at: string; id: string }>(
          `select bank || ' ' || key as at, operation_id as id from bank_exchange`,
        )
      ).map(({ at, id }) => [at, id]),
    )
    for (const name of bankNames)
      for (const { key, kind, state, amount, ...rest } of banks[name].transactions()) {
        if (state === 'declined') continue
        const one = all.get(keys.get(`${name} ${key}`) ?? '')
        if (!one) found.push(`${name} has a ${kind} of ${amount}, which is nobody's: ${key}`)
        else if (kind === 'purchase' && !rest.reversed) {
          one.taken.push(amount)
          one.returned += rest.voided ? amount : rest.refunded
        } else if (kind === 'credit') {
          if (state === 'done' || rest.decided?.outcome === 'done') one.given.push(amount)
          else if (!rest.decided) one.undecided += 1
        }
      }
    return all
  }

  function operationOffences({ id, kind, state, amount, ...at }: Asked): string[] {
    const say = (what: string) => [`${kind} ${id} (${state}) ${what}`]
    const { taken, given } = at
    if (given.length + at.undecided > 1) return say('was credited more than once')
    if ([...taken, ...given].some((fen) => fen !== amount)) return say(`is not of ${amount} there`)
    if (kind === 'debit') {
      if (taken.length > 1 && state !== 'reversing') return say('was taken more than once')
      if (state === 'done' && taken.length !== 1) return say('is done here and not at the bank')
      const isUndone = state === 'refused' || state === 'reversed'
      if (isUndone && taken.length > 0) return say('stands at the bank all the same')
    }
    if (kind === 'credit') {
      if (state === 'done' && given.length !== 1) return say('is done here and not at the bank')
      if (state === 'refused' && given.length + at.undecided > 0) return say('was credited')
    }
    return []
  }

  function paymentOffences(row: Row, one: Asked | undefined): string[] {
    const say = (what: string) => [`payment ${row.id} (${row.state}) ${what}`]
    if (paid.includes(row.state)) {
      if (one?.taken.length !== 1) return say('is paid here and not at the bank')
      const { returned } = one
      if (returned < row.refunded || returned > row.refunded + row.refunding)
        return say(`returned ${row.refunded} (${row.refunding} open), at the bank ${returned}`)
    }
    const isOpen = one?.state === 'reversing' || row.being_undone
    if (notCharged.includes(row.state) && one && one.taken.length > 0 && !isOpen)
      return say('is charged at the bank all the same')
    return []
  }

  function movementOffences({ id, kind, state }: Movement, one: Asked | undefined): string[] {
    const say = (what: string) => [`${kind} ${id} (${state}) ${what}`]
    const [taken, given] = [one?.taken.length ?? 0, one?.given.length ?? 0]
    if (kind === 'top_up') {
      if (state === 'done' && taken !== 1) return say('was not taken from the card')
      const isOver = state === 'refused' || state === 'reversed'
      if (isOver && taken > 0 && one?.state !== 'reversing') return say('was taken from the card')
    }
    if (kind === 'withdrawal' || kind === 'repayment' || kind === 'card_transfer') {
      if (state === 'paid' && given !== 1) return say('has not arrived')
      if (state === 'returned' && given + (one?.undecided ?? 0) > 0) return say('has arrived')
    }
    if (misnamed.has(id) && given > 0) return say('went to a card of another name')
    return []
  }

  const movements = () =>
    reader.query<Movement>(
      `select id, kind, state, amount, msisdn, bank from wallet_movement
       union all select id, 'transfer', state, amount, msisdn, null from wallet_transfer
       union all select id, 'bill', state, amount, msisdn, null from biller_bill where key is not null
       union all select id, 'split', state, total, msisdn, null from wallet_split
       union all select id, 'share', state, amount, msisdn, null from wallet_split_share
       union all select id, 'packet', state, amount, msisdn, null from wallet_packet
       union all select id, 'part', case when wallet_id is null then 'drawn' else 'opened' end,
         amount, msisdn, null from wallet_packet_part
       union all select id, 'request', state, amount, msisdn, null from wallet_request
       union all select id, 'mandate', state, cap, msisdn, null from wallet_mandate
       order by id`,
    )

  function told(all: readonly Movement[], payments: readonly Row[]): string[] {
    const now = new Map([...all, ...payments].map(({ id, state }) => [id, state]))
    return [
      ...[...ids, ...orders]
        .filter(([, id]) => !now.has(id))
        .map(([name, id]) => `${name} was acknowledged as ${id}, which is gone`),
      ...[...states]
        .filter(([id, state]) => final.includes(state) && now.get(id) !== state)
        .map(([id, state]) => `${id} was seen ${state} and is ${now.get(id)}`),
    ]
  }

  async function check(payments: readonly Row[]): Promise<string[]> {
    const found: string[] = []
    const asked = await operations(found)
    const moved = await movements()
    return [
      ...offences,
      ...found,
      ...[...asked.values()].flatMap(operationOffences),
      ...payments
        .filter(({ source }) => source === 'card')
        .flatMap((row) => paymentOffences(row, asked.get(row.id))),
      ...moved.flatMap((one) => movementOffences(one, asked.get(one.id))),
      ...told(moved, payments),
      ...bankNames.flatMap((name) => banks[name].complaints()),
    ]
  }

  /** Card by card, from our own payments and movements, what the bank has to have left on it. */
  function cardOffences(payments: readonly Row[], moved: readonly Movement[]): string[] {
    return holders.flatMap(({ msisdn, bank, pan }) => {
      const sum = (amounts: bigint[]) => amounts.reduce((total, fen) => total + fen, 0n)
      const bought = payments
        .filter((row) => row.msisdn === msisdn && row.source === 'card' && paid.includes(row.state))
        .map(({ amount, refunded }) => refunded - amount)
      const ours = moved.filter((one) => one.msisdn === msisdn)
      const of = (kind: string, state: string) =>
        ours.filter((one) => one.kind === kind && one.state === state).map(({ amount }) => amount)
      const left = sum([cardBalance, ...bought, ...of('withdrawal', 'paid')])
      const expected = left - sum(of('top_up', 'done'))
      const balance = banks[bank].card(pan)?.balance
      return balance === expected ? [] : [`a card of ${bank} has ${balance}, by us ${expected}`]
    })
  }

  function strangerOffences(moved: readonly Movement[]): string[] {
    return bankNames.flatMap((name) => {
      const expected = moved
        .filter((one) => one.kind === 'card_transfer' && one.state === 'paid' && one.bank === name)
        .reduce((sum, { amount }) => sum + amount, cardBalance)
      const balance = banks[name].card(stranger.panOf(name))?.balance
      return balance === expected
        ? []
        : [`a stranger's card of ${name} has ${balance}, by us ${expected}`]
    })
  }

  function note(all: Map<string, string>, name: string, id: string): void {
    const before = all.get(name)
    if (before !== undefined && before !== id)
      offences.push(`${name} stands for ${before} and for ${id}`)
    all.set(name, id)
  }

  return {
    acknowledged: (name, id) => note(ids, name, id),
    ordered: (name, id) => note(orders, name, id),
    seen: (id, state) => void states.set(id, state),
    misnamed: (id) => void misnamed.add(id),
    guessed(answer) {
      if (answer === 'wrong') wrong += 1
      if (answer === 'right' || wrong > wrongMax * (renewals + 1))
        offences.push(`a stranger was told ${answer} after ${wrong} tries, ${renewals} PINs`)
    },
    pinRenewed() {
      renewals += 1
    },
    check,
    async atTheEnd(payments) {
      const moved = await movements()
      const rest = await Promise.all(
        [...leftovers, ...balances].map((text) => reader.query<{ example: string }>(text)),
      )
      const clearing = await reader.query<{ bank: BankName; owed: bigint }>(owedByBanks)
      return [
        ...(await check(payments)),
        ...rest.flat().map(({ example }) => example),
        ...cardOffences(payments, moved),
        ...strangerOffences(moved),
        ...bankNames.flatMap((name) => {
          const ours = clearing.find(({ bank }) => bank === name)?.owed ?? 0n
          const theirs = banks[name].ownBalances().clearing
          return ours === theirs ? [] : [`${name} owes us ${theirs}, and by us ${ours}`]
        }),
      ]
    },
    digest: async () =>
      (await movements()).map(({ id, kind, state, amount }) => `${id} ${kind} ${state} ${amount}`),
  }
}
