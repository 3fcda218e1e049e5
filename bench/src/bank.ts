/**
 * Whole payments by card: text to 10658008, question, PIN, purchase at the bank (0200 and 0210 over TCP, with
 * MACs), charge, receipt in the handset. In turns with it the same purchase from the phone bill, charged by
 * the simulated carrier, and purchases through the link to the bank by itself.
 */
import { randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Secret } from '../../server/src/kernel/index.ts'
import {
  type BankLinkAnswers,
  bankFile,
  binTable,
  type SimulatedBankAnswers,
} from './bank-contract.ts'
import { seedCards } from './card-seed.ts'
import { cpuSecondsOf } from './cpu.ts'
import type { LoadPlan, LoadResult } from './load.ts'
import { type Program, startProgram } from './processes.ts'
import { type Cpu, type Figure, figureOf } from './report.ts'
import { type Stage, withStage } from './stage.ts'
import type { Way } from './surroundings-contract.ts'
import { bankNames } from './targets.ts'

const handsets = 64
/** Twice as many as may be under way on the link as it is shipped. */
const buyers = 32
const turnCount = 3

type Turns = Omit<LoadPlan, 'customers'>
const whole: Turns = { warmMs: 2_000, roundMs: 6_000, rounds: 1 }
const quick: Turns = { warmMs: 1_000, roundMs: 3_000, rounds: 1 }
/** More than are bought with: a number pays once in a minute. */
const cardCounts = { whole: 12_000, quick: 4_000 }

export async function measureBank({ isQuick }: { isQuick: boolean }): Promise<readonly Figure[]> {
  const cardCount = cardCounts[isQuick ? 'quick' : 'whole']
  const folder = mkdtempSync(join(tmpdir(), 'telepurse-bench-'))
  const bank = startProgram<SimulatedBankAnswers>('simulated-bank.ts')
  const link = startProgram<BankLinkAnswers>('bank-link.ts')
  try {
    const ports = await bank.ask('open', { cardCount })
    await link.ask('open', { port: ports.alone, cardCount })
    const fieldKey = new Secret(randomBytes(32).toString('base64'))
    const keyFolder = join(folder, 'keys')
    const files = filesIn(folder, ports.server)
    return await withStage((stage) => measure(stage, { bank, link }, isQuick ? quick : whole), {
      settings: { ...files, FIELD_KEY: fieldKey.reveal(), KEY_FOLDER: keyFolder },
      prepare: (databaseUrl) => seedCards({ databaseUrl, fieldKey, keyFolder, cardCount }),
    })
  } finally {
    await Promise.all([bank.end(), link.end()])
    rmSync(folder, { recursive: true })
  }
}

function filesIn(folder: string, port: number): Readonly<Record<string, string>> {
  const write = (path: string, content: object) => {
    writeFileSync(path, JSON.stringify(content))
    return path
  }
  const banks = join(folder, 'banks')
  mkdirSync(banks)
  write(join(banks, 'bench.json'), bankFile(port))
  return {
    BANKS_FOLDER: banks,
    BIN_TABLE: write(join(folder, 'bins.json'), binTable),
    BANK_FILES: folder,
  }
}

interface Programs {
  readonly bank: Program<SimulatedBankAnswers>
  readonly link: Program<BankLinkAnswers>
}

interface Contestant {
  readonly name: string
  readonly load: string
  run(turns: Turns): Promise<LoadResult>
  cpu(): Cpu
  /** Paid according to the database. */
  paid?(): Promise<number>
}

async function measure(stage: Stage, programs: Programs, turns: Turns): Promise<Figure[]> {
  const contestants = contestantsOf(stage, programs)
  const figures: Figure[] = []
  const taken = contestants.map(() => [] as Turn[])
  for (const one of contestants) await one.run({ ...turns, rounds: 0 })
  for (let turn = 0; turn < turnCount; turn += 1)
    for (const [at, one] of contestants.entries()) taken[at]?.push(await takeTurn(one, turns))
  for (const [at, one] of contestants.entries()) {
    const figure = sumOf(one, taken[at] ?? [])
    figures.push({ ...figure, ...(one.paid && { inDatabase: await one.paid() }) })
  }
  return figures
}

function contestantsOf(stage: Stage, { bank, link }: Programs): Contestant[] {
  const { surroundings, db, postgres } = stage
  const byHandset = { load: `${handsets} handsets, ${postgres}` }
  const buy = (way: Way) => (turns: Turns) =>
    surroundings.ask('buy', { plan: { ...turns, customers: handsets }, way })
  const paid = (source: string) => async () => {
    const [row] = await db.query<{ paid: bigint }>(
      'select count(*) as paid from payment where charged_at is not null and source = $1',
      [source],
    )
    return Number(row?.paid ?? 0)
  }
  return [
    {
      ...{ ...byHandset, name: bankNames.card, run: buy('card'), paid: paid('card') },
      cpu: () => ({ ...stage.cpu(), bank: cpuSecondsOf(bank.pid) }),
    },
    {
      ...{ ...byHandset, name: bankNames.phoneBill, run: buy('phone_bill') },
      ...{ paid: paid('phone_bill'), cpu: () => stage.cpu() },
    },
    {
      ...{ name: bankNames.link, load: `${buyers} buyers, a window of 16` },
      run: (turns) => link.ask('buy', { plan: { ...turns, customers: buyers } }),
      cpu: () => ({ link: cpuSecondsOf(link.pid), bank: cpuSecondsOf(bank.pid) }),
    },
  ]
}

interface Turn {
  readonly result: LoadResult
  readonly before: Cpu
  readonly after: Cpu
}

async function takeTurn({ run, cpu }: Contestant, turns: Turns): Promise<Turn> {
  const before = cpu()
  const result = await run(turns)
  return { result, before, after: cpu() }
}

function sumOf({ name, load }: Contestant, taken: readonly Turn[]): Figure {
  const result: LoadResult = {
    rounds: taken.flatMap((turn) => turn.result.rounds),
    served: taken.reduce((sum, turn) => sum + turn.result.served, 0),
    failures: taken.flatMap((turn) => turn.result.failures),
  }
  const [first] = taken
  const sum = (part: string, when: 'before' | 'after') =>
    taken.reduce((total, turn) => total + (turn[when][part] ?? Number.NaN), 0)
  const parts = (when: 'before' | 'after') =>
    Object.fromEntries(Object.keys(first?.before ?? {}).map((part) => [part, sum(part, when)]))
  return figureOf({ name, load, result, cpu: { before: parts('before'), after: parts('after') } })
}
