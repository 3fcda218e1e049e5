/**
 * Kills the platform and its database under load, again and again, and compares what customers were
 * told with what is there. The load goes on through the kills: right after each one everything that was
 * acknowledged is looked up, and every few kills all comes to rest and the books are compared whole.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Acknowledged, createAcknowledged, type Effect } from './acknowledged.ts'
import { type BankComparison, createBankComparison, untilBanksHaveSaid } from './bank-comparison.ts'
import { type Buyers, createBuyers } from './buyers.ts'
import { type CardAct, type Cardholders, createCardholders } from './cardholders.ts'
import { compare, lostOf, openCount, openWork } from './comparison.ts'
import { createInsisting, type Insisting } from './insist.ts'
import { createLedgerWriters, type LedgerWriters } from './ledger-writers.ts'
import { openStage, type Place, type Stage, type Victim } from './stage.ts'

export interface KillOptions {
  /** How often each is killed. On PGlite only the platform can be: it is the database. */
  readonly kills: Readonly<Partial<Record<Victim, number>>>
  readonly place?: Place
  /** With cards, wallets and the banks behind them. */
  readonly banks?: boolean
  /** How long the load goes on before each kill, at least; a part of it is left to chance. */
  readonly loadMs?: number
  /** After how many kills all comes to rest. */
  readonly restEvery?: number
  readonly log?: (line: string) => void
}

export interface KillFigures {
  readonly kills: Readonly<Record<Victim, number>>
  readonly acknowledged: Readonly<Record<Effect, number>>
  readonly total: number
  readonly repeated: number
  readonly charged: number
  /** Card payments, top-ups and withdrawals that were acknowledged. */
  readonly byCard: Readonly<Record<CardAct, number>> | null
  /** Not charged after a day in which the carrier never had them, and the customer was told so. */
  readonly givenUp: number
  readonly lost: readonly string[]
  readonly doubled: readonly string[]
  readonly offences: readonly string[]
  /** The longest time from a kill to the first answer after it. */
  readonly backMs: number
}

interface Run extends Insisting {
  readonly stage: Stage
  readonly acknowledged: Acknowledged
  readonly buyers: Buyers
  readonly writers: LedgerWriters
  readonly cards?: { readonly holders: Cardholders; readonly books: BankComparison }
}

const pieceMax = 50_000

export async function runKillLoop(options: KillOptions): Promise<KillFigures> {
  const { kills, place = 'postgres', loadMs = 600, restEvery = 25, log = () => {} } = options
  const folder = mkdtempSync(join(tmpdir(), 'telepurse-acknowledged-'))
  const run = startRun(await openStage(place, options.banks), join(folder, 'acknowledged.log'))
  const { stage, acknowledged } = run
  const done: Record<Victim, number> = { app: 0, db: 0, connection: 0, backend: 0 }
  const lost: string[] = []
  const doubled: string[] = []
  const offences: string[] = []
  let backMs = 0
  let charged = 0
  let givenUp = 0
  const rest = async () => {
    await comeToRest(run)
    // Who is killed every few seconds never counts its rows, and plans badly for tables it takes for empty.
    await stage.reader.query('analyze')
    const found = await compare(stage.reader, { ...run, carrier: stage.carrier })
    charged = found.charged
    givenUp = found.givenUp
    lost.push(...found.lost)
    doubled.push(...found.doubled)
    offences.push(...found.offences)
    if (run.cards) {
      await untilBanksHaveSaid(stage)
      offences.push(...(await run.cards.books.compare()))
    }
    log(
      `at rest: ${acknowledged.total} acknowledged, ${charged} charged, ${lost.length} lost, ` +
        `${doubled.length} doubled, ${offences.length} rules broken`,
    )
  }
  try {
    begin(run)
    for (const [turn, victim] of turns(kills).entries()) {
      await sleep(loadMs + Math.random() * loadMs)
      const killedAt = performance.now()
      await stage.kill(victim)
      done[victim] += 1
      await run.insist({ ask: 'ping' })
      const tookMs = performance.now() - killedAt
      backMs = Math.max(backMs, tookMs)
      const news = acknowledged.news()
      lost.push(...(await patiently(() => lostOf(stage.reader, news))))
      log(`killed ${victim}, back in ${Math.round(tookMs)} ms, ${acknowledged.total} acknowledged`)
      if ((turn + 1) % restEvery > 0) continue
      await rest()
      begin(run)
    }
    await rest()
    for await (const piece of acknowledged.all(pieceMax))
      lost.push(...(await lostOf(stage.reader, piece)))
    return {
      kills: done,
      acknowledged: acknowledged.counts,
      total: acknowledged.total,
      repeated: run.repeated,
      charged,
      byCard: run.cards?.holders.counts ?? null,
      givenUp,
      lost: [...new Set(lost)],
      doubled: [...new Set(doubled)],
      offences: [...new Set(offences)],
      backMs: Math.round(backMs),
    }
  } finally {
    await stage.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

function startRun(stage: Stage, file: string): Run {
  const insisting = createInsisting(stage.wallet)
  const acknowledged = createAcknowledged(file)
  const books = stage.banks && createBankComparison(stage.reader, stage.banks)
  const holders = books && createCardholders(insisting.insist, books.ledgers)
  return {
    ...insisting,
    get repeated() {
      return insisting.repeated
    },
    stage,
    acknowledged,
    buyers: createBuyers(insisting.insist, acknowledged),
    writers: createLedgerWriters(insisting.insist, acknowledged),
    ...(books && holders && { cards: { holders, books } }),
  }
}

function begin({ buyers, writers, cards }: Run): void {
  buyers.start()
  writers.start()
  cards?.holders.start()
}

/** Everybody is answered; then time passes until nothing waits for the carrier, a day at the most. */
async function comeToRest({ stage, buyers, writers, cards }: Run): Promise<void> {
  await Promise.all([buyers.stop(), writers.stop(), cards?.holders.stop()])
  // First past the leases of the dead, then from question to question.
  for (const ms of [
    46_000,
    5_000,
    30_000,
    120_000,
    600_000,
    ...Array<number>(25).fill(3_600_000),
  ]) {
    await stage.advance(ms)
    if (await isWorkedOff(stage)) return
  }
  const left = await openWork(stage.reader, stage.now())
  throw new Error(['something still waits for the carrier', ...left].join('\n'))
}

/** Looks as long as it gets less. */
async function isWorkedOff({ reader }: Stage): Promise<boolean> {
  let least = Number.POSITIVE_INFINITY
  for (let idle = 0; idle < 30; idle += 1) {
    const open = await openCount(reader)
    if (open === 0) return true
    if (open < least) idle = 0
    least = Math.min(least, open)
    await sleep(100)
  }
  return false
}

/** All kinds spread evenly over the run. */
function turns(kills: KillOptions['kills']): Victim[] {
  return Object.entries(kills)
    .flatMap(([victim, count]) =>
      Array.from({ length: count }, (_, n) => ({
        victim: victim as Victim,
        at: (n + 0.5) / count,
      })),
    )
    .toSorted((a, b) => a.at - b.at)
    .map(({ victim }) => victim)
}

/** The onlooker's own connection dies with the database; the question itself changes nothing. */
async function patiently<Value>(read: () => Promise<Value>): Promise<Value> {
  for (let attempt = 1; ; attempt += 1)
    try {
      return await read()
    } catch (error) {
      if (attempt === 100) throw error
      await sleep(100)
    }
}
