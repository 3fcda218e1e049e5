/**
 * The lines to two banks and the banks at their ends: real messages over streams that take their time, cut when
 * the process dies that had them, and every misfortune the simulated banks have.
 */
import { Duplex } from 'node:stream'
import { type Bank, createBank } from '@telepurse/simulators'
import type { Reader } from '../../server/src/db/index.ts'
import type { FileSource } from '../../server/src/rails/bank/index.ts'
import { type BankName, bankFacts, bankNames, masterKeyOf, platform } from '../cards/banks.ts'
import type { BankTrouble, FileTrouble } from './bank-plan.ts'
import type { Dice } from './dice.ts'
import { cardsOfBank } from './people.ts'
import type { Life } from './storm.ts'
import type { VirtualTime } from './virtual-time.ts'

export interface BankNetwork {
  readonly banks: Readonly<Record<BankName, Bank>>
  befall(name: BankName, trouble: BankTrouble): void
  clear(): Promise<void>
  connectFor(life: Life, name: BankName): Duplex
  readonly files: FileSource
  close(): Promise<void>
}

const hour = 3_600_000

export function createBankNetwork(options: {
  readonly time: VirtualTime
  readonly dice: Dice
  readonly struck: (kind: string) => void
  readonly note: (line: string) => void
  /** Told of what the bank said when it closed its day. */
  readonly reader: Reader
}): BankNetwork {
  const { time, dice, struck, note, reader } = options
  const banks = {} as Record<BankName, Bank>
  for (const name of bankNames) banks[name] = openBank(name, options)
  const lines = new Map<Duplex, BankName>()
  const awayUntil = new Map<BankName, number>()
  let files: { name: BankName; file: FileTrouble; until: number }[] = []
  const isAway = (name: BankName) => time.now() < (awayUntil.get(name) ?? 0)
  const seen = new Map<BankName, number>()
  const armed = new Map<BankName, Map<string, number>>()

  /** What a message has led to: for the trace, and to count the faults that did strike. */
  function look(name: BankName) {
    const bank = banks[name]
    const all = bank.transactions()
    for (const { kind, key, amount, state, code } of all.slice(seen.get(name) ?? 0))
      note(`bank ${name} ${kind} ${key} ${amount}: ${state} ${code}`)
    seen.set(name, all.length)
    const left = leftOf(bank)
    for (const [kind, count] of armed.get(name) ?? [])
      for (let n = left.get(kind) ?? 0; n < count; n += 1) struck(`bank_${kind}`)
    armed.set(name, left)
  }

  const sendTo = (name: BankName, end: Duplex) => (octets: Uint8Array) => {
    if (end.destroyed || isAway(name)) return
    end.write(octets)
    time.after(0, () => look(name))
  }

  function decideLater(name: BankName) {
    for (const { key } of banks[name].undecided()) {
      const outcome = dice.chance(0.7) ? 'done' : 'refused'
      banks[name].decide(key, outcome)
      note(`bank ${name} decides ${key}: ${outcome}`)
    }
  }

  return {
    banks,
    befall(name, trouble) {
      if (trouble.is === 'file')
        return void files.push({
          ...{ name, file: trouble.file, until: time.now() + trouble.lastMs },
        })
      if (trouble.is === 'message') {
        void banks[name].addFault(trouble.fault)
        armed.set(name, leftOf(banks[name]))
        // What is accepted and left open is decided by hand.
        time.after(dice.between(1, 30) * hour, () => decideLater(name))
        return
      }
      struck('bank_away')
      awayUntil.set(name, time.now() + trouble.lastMs)
      for (const [line, of] of lines) if (of === name) line.destroy()
    },
    async clear() {
      awayUntil.clear()
      files = []
      armed.clear()
      for (const name of bankNames) await banks[name].clearFaults()
    },
    connectFor(life, name) {
      if (isAway(name) || life.isOver()) return refused(time)
      const end = banks[name].connect()
      const line = createLine({ time, dice, end, forward: sendTo(name, end) })
      lines.set(line, name)
      line.on('close', () => lines.delete(line))
      life.onEnd(() => line.destroy())
      return line
    },
    files: {
      async open(bank, date) {
        const name = bank as BankName
        const day = date.replaceAll('-', '')
        const wrong = files.find((one) => one.name === name && time.now() < one.until)?.file
        if (wrong === 'late') return void struck('bank_file_late')
        // A wrong file that is sound in itself is told from a right one by the totals alone.
        const fault = wrong && (await hasTotals(reader, name, date)) ? wrong : undefined
        banks[name].distortFile(day, fault)
        const file = banks[name].dailyFile(day)
        if (!file.ok) return undefined
        if (fault) struck(`bank_file_${fault}`)
        note(`bank ${name} gives the file of ${day}${fault ? `, ${fault}` : ''}`)
        return once(Buffer.from(file.value))
      },
    },
    async close() {
      for (const name of bankNames) await banks[name].close()
    },
  }
}

function openBank(
  name: BankName,
  { time, dice }: { readonly time: VirtualTime; readonly dice: Dice },
): Bank {
  const { institution, pinRule, debit, credit } = bankFacts[name]
  return createBank({
    ...{ code: name, institution, platform, pinRule, bins: [debit, credit], mac: 'x9.19' },
    zoneMasterKey: { reveal: () => masterKeyOf(name) },
    cutOver: { at: '23:00', lastsMs: 60_000 },
    ...{ now: time.now, later: time.after, random: dice.next },
    cards: cardsOfBank(name),
  })
}

/** A stream whose octets are on their way for a while, and may still arrive when it is cut. */
function createLine({
  time,
  dice,
  end,
  forward,
}: {
  readonly time: VirtualTime
  readonly dice: Dice
  readonly end: Duplex
  readonly forward: (octets: Uint8Array) => void
}): Duplex {
  let there = 0
  let back = 0
  // In order, as TCP keeps it.
  const after = (at: number) => Math.max(at, time.now() + dice.between(2, 60))
  const line = new Duplex({
    read: () => undefined,
    write(chunk: Uint8Array, _encoding, done) {
      there = after(there)
      time.after(there - time.now(), () => forward(chunk))
      done()
    },
    destroy(error, done) {
      time.after(dice.between(0, 60), () => end.destroy())
      done(error)
    },
  })
  end.on('data', (chunk: Uint8Array) => {
    back = after(back)
    time.after(back - time.now(), () => line.destroyed || line.push(chunk))
  })
  end.on('close', () => time.after(2, () => line.destroy()))
  time.after(dice.between(2, 60), () => line.destroyed || line.emit('connect'))
  return line
}

function refused(time: VirtualTime): Duplex {
  const line = new Duplex({ read: () => undefined, write: (_chunk, _encoding, done) => done() })
  line.on('error', () => undefined)
  const error = Object.assign(new Error('refused'), { code: 'ECONNREFUSED' })
  time.after(2, () => line.destroy(error))
  return line
}

function leftOf(bank: Bank): Map<string, number> {
  const left = new Map<string, number>()
  for (const { kind, count = 0 } of bank.faults()) left.set(kind, (left.get(kind) ?? 0) + count)
  return left
}

async function hasTotals(reader: Reader, bank: BankName, day: string): Promise<boolean> {
  const rows = await reader.query<{ told: boolean }>(
    'select totals is not null as told from bank_day where bank = $1 and day = $2::date',
    [bank, day],
  )
  return rows[0]?.told === true
}

async function* once(octets: Uint8Array) {
  yield octets
}
