/**
 * Plays one plan: a day with misfortunes (safety), then faults stop and time runs on until everything
 * is finished (liveness). Nothing in it depends on real time, so the same plan gives the same trace.
 */
import { createHash } from 'node:crypto'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { createBusinessTime } from '../../server/src/kernel/index.ts'
import { createActors } from './actors.ts'
import { createAppActors } from './app-actors.ts'
import { createAppBooks } from './app-books.ts'
import { type AppAct, type BillerMisfortune, isAppAct } from './app-plan.ts'
import { createLedgers } from './bank-books.ts'
import { type BankNetwork, createBankNetwork } from './bank-network.ts'
import { type BankMisfortune, isPurseAct, type PurseAct } from './bank-plan.ts'
import { createBillerNetwork } from './biller-network.ts'
import { createCarrierNetwork } from './carrier-network.ts'
import { createClerks } from './clerks.ts'
import { createClients } from './clients.ts'
import { createDeployment, isExplained } from './deployment.ts'
import { createDice } from './dice.ts'
import { createDueWork } from './due-work.ts'
import { createEndpoints } from './endpoints.ts'
import { createMessageCentre } from './message-centre.ts'
import { brokenBy, type Mutant } from './mutants.ts'
import { createOracle } from './oracle.ts'
import { enrolPeople, owners as walletOwners } from './people.ts'
import { type Act, type Item, isAct, type Misfortune, numbers, type Plan } from './plan.ts'
import { createPurseActors } from './purse-actors.ts'
import type { Stage } from './stage.ts'
import { createStorm } from './storm.ts'
import { installVirtualTime, type VirtualTime } from './virtual-time.ts'

export interface Outcome {
  readonly seed: number
  /** What is wrong; empty when all went well. */
  readonly offences: readonly string[]
  /** Hash of everything that happened, in order. */
  readonly trace: string
  readonly steps: number
  readonly payments: number
  readonly paid: number
  readonly refunds: number
  readonly faults: Readonly<Record<string, number>>
}

export interface RunOptions {
  readonly mutant?: Mutant | undefined
  /** Told of everything that happens. */
  readonly tell?: (line: string) => void
}

const second = 1_000
const minute = 60 * second
const day = 86_400 * second
/** The invariants are looked at after this many commits, and at the end of both parts. */
const commitsPerCheck = 100
/** Banks' days make many that change nothing. */
const commitsPerCheckWithBanks = 300
const livenessMs = 8 * day

export async function play(stage: Stage, plan: Plan, options: RunOptions = {}): Promise<Outcome> {
  const time = installVirtualTime(plan.start, createDice('libraries', plan.seed))
  try {
    return await playIn(stage, plan, options, time)
  } finally {
    time.remove()
  }
}

async function playIn(
  stage: Stage,
  plan: Plan,
  { mutant, tell }: RunOptions,
  time: VirtualTime,
): Promise<Outcome> {
  const { seed, zone, items } = plan
  const diceOf = (name: string) => createDice(name, seed)
  const faults: Record<string, number> = {}
  const hash = createHash('sha256')
  const unexplained: string[] = []
  const failed = (what: string) => (error: unknown) =>
    void unexplained.push(`${what}: ${textOf(error)}`)
  const note = (line: string) => {
    const stamped = `${time.now() - plan.start} ${line}`
    hash.update(stamped).update('\n')
    tell?.(stamped)
  }
  const struck = (kind: string) => {
    faults[kind] = (faults[kind] ?? 0) + 1
    note(`fault ${kind}`)
  }
  let skew = 0
  const clock = { now: () => time.now() + skew }
  const { keys } = stage
  await stage.empty()

  const tampering = mutant?.tampering ?? {}
  const broken = brokenBy(mutant)
  const storm = createStorm({ db: stage.db, time, dice: diceOf('storm'), struck, tampering })
  const network = createCarrierNetwork({ time, dice: diceOf('network'), struck, note })
  const endpoints = createEndpoints({ time, dice: diceOf('endpoints'), struck, note })
  const outside = { time, struck, note, reader: stage.db }
  const bankNetwork = plan.banks
    ? createBankNetwork({ ...outside, dice: diceOf('bank network') })
    : undefined
  const { dateOf } = createBusinessTime(zone)
  const billers = createBillerNetwork({ ...outside, dice: diceOf('biller network'), dateOf })
  const ledgers = bankNetwork && createLedgers({ reader: stage.db, banks: bankNetwork.banks })
  const books =
    ledgers && createAppBooks({ reader: stage.db, ledgers, billers: billers.books, bankNetwork })
  const { billing } = network
  const oracle = createOracle({ reader: stage.db, billing, ledgers: [ledgers, books] })
  const centre = createMessageCentre({
    ...{ time, dice: diceOf('centre'), struck, note },
    onHandset: oracle.told,
    receiver() {
      const running = deployment.any()
      return running && { life: running.life, inbound: running.process.inbound, now: clock.now }
    },
  })
  const deployment = createDeployment({
    ...{ seed, time, clock, zone, storm, note, count: plan.processes },
    ...{ dice: diceOf('deployment'), folder: stage.folder, broken },
    policy: mutant?.policy ?? {},
    linksFor: (life) => ({
      dispatcher: network.dispatcherFor(life),
      link: centre.linkFor(life),
      client: endpoints.clientFor(life),
      banks: bankNetwork && {
        ...{ config: stage.config, time, files: bankNetwork.files },
        connect: (name) => bankNetwork.connectFor(life, name),
        broken,
        toBillers: billers.dispatcherFor(life),
      },
    }),
    alarm(facts) {
      note(`alarm ${JSON.stringify(facts)}`)
      if (!plan.banks) unexplained.push(`an alarm: ${JSON.stringify(facts)}`)
    },
    unexplained: failed('unexplained'),
  })
  const clients = createClients({ time, deployment, keys })
  const people = { seed, time, clients, centre, oracle, note }
  const actors = createActors(people)
  const owners = ledgers && createPurseActors({ ...people, ledgers })
  const users = books && createAppActors({ ...people, books })
  const clerks =
    books && createClerks({ ...people, clock, reader: stage.db, billers: billers.books })
  for (const msisdn of [...numbers, ...(plan.banks ? walletOwners : [])])
    network.billing.openLine({ msisdn, billing: billingOf(msisdn), balance: 500_00n })

  let acting = 0
  const leap = items.some((item) => item.kind === 'clock' && Math.abs(item.byMs) > day / 2)
  const except = leap ? ['payment_outcomes_are_known_in_a_day'] : []

  function befall(item: Item & (Misfortune | BankMisfortune | BillerMisfortune)) {
    if (item.kind === 'carrier') network.add(item.fault, item.lastMs)
    if (item.kind === 'bank') bankNetwork?.befall(item.bank, item.trouble)
    if (item.kind === 'biller') billers.befall(item)
    if (item.kind === 'centre') centre.add(item.fault)
    if (item.kind === 'endpoint') endpoints.add(item.fault)
    if (item.kind === 'database') storm.add(item.fault)
    if (item.kind === 'clock') {
      // A request that the carrier works off a day later by our clock would be charged for certain
      // and given up for certain: no platform can know both.
      if (item.byMs > day / 2 && network.stuck() > 0)
        return void time.after(minute, () => befall(item))
      struck('clock_jump')
      skew += item.byMs
    }
    if (item.kind === 'line') {
      struck('line_changed')
      const msisdn = numbers[item.line] ?? ''
      network.billing.changeLine({ msisdn, status: item.status, balance: BigInt(item.balance) })
    }
  }
  function perform(item: Item & (Act | PurseAct | AppAct)) {
    if (isAppAct(item)) return users?.perform(item)
    return isPurseAct(item) ? owners?.perform(item) : actors.perform(item)
  }
  function begin(item: Item) {
    note(`item ${item.index}: ${item.kind}`)
    if (!isAct(item)) return befall(item)
    acting += 1
    Promise.resolve(perform(item))
      .catch(failed(`item ${item.index}`))
      .finally(() => {
        acting -= 1
      })
  }

  /**
   * Until nothing goes on but waiting for time to pass, a second try of a transaction too. A file is
   * written on the real disk, which takes its turns; its transactions wait like others.
   */
  async function calm() {
    let moves = storm.moves()
    const enough = () =>
      storm.busy() > 0 ? 40 : due.exclusive() > 0 ? Number.POSITIVE_INFINITY : 3
    for (let quiet = 0; quiet < enough(); quiet += 1) {
      await nextTurn()
      if (moves !== storm.moves()) quiet = 0
      moves = storm.moves()
    }
  }

  const due = createDueWork({
    ...{ time, clock, deployment, db: stage.db, commits: storm.commits },
    failed(error) {
      if (!isExplained(error)) failed('charging file')(error)
    },
  })

  let steps = 0
  let checkedAt = 0
  const checkEvery = plan.banks ? commitsPerCheckWithBanks : commitsPerCheck
  async function pass(until: number, isEnough: () => boolean): Promise<string[]> {
    for (;;) {
      await calm()
      if (unexplained.length > 0) return unexplained
      await due.look()
      if (isEnough()) return []
      const next = time.nextAt()
      if (next === undefined || next > until) return []
      time.step()
      steps += 1
      if (storm.commits() - checkedAt < checkEvery) continue
      await calm()
      checkedAt = storm.commits()
      const offences = await oracle.check(except)
      if (offences.length > 0) return offences
    }
  }

  /** Before the day: nothing goes wrong yet. */
  async function enrolled({ banks }: BankNetwork): Promise<void> {
    let isOver = false
    const enrol = async () => {
      while (!deployment.any()?.process.purse?.areBanksUp()) await time.sleep(100)
      const purse = deployment.any()?.process.purse
      if (purse) await enrolPeople(purse, ({ bank, pan }) => banks[bank].otp(pan)?.code ?? '')
    }
    void enrol()
      .catch(failed('enrolling'))
      .finally(() => {
        isOver = true
      })
    await pass(time.now() + day, () => isOver)
  }

  async function playAll(): Promise<string[]> {
    deployment.start()
    if (bankNetwork) await enrolled(bankNetwork)
    void clerks?.work().catch(failed('clerks'))
    for (const item of items) time.after(item.at, () => begin(item))
    const length = plan.hours * 3_600 * second
    const before = await pass(plan.start + length, () => false)
    const unsafe = before.length > 0 ? before : await oracle.check(except)
    if (unsafe.length > 0) return unsafe
    note('faults stop')
    for (const port of [network, centre, endpoints, storm, billers]) port.clear()
    await bankNetwork?.clear()
    for (const msisdn of numbers) network.billing.changeLine({ msisdn, status: 'active' })
    const end = time.now() + livenessMs
    const still = await pass(end, () => acting === 0)
    if (still.length > 0) return still
    // Questions expire, unknown charges are asked about or taken back, dead endpoints are tried again.
    const later = await pass(time.now() + 3 * day, () => false)
    if (later.length > 0) return later
    let isDone = false
    void actors.deliverAll().finally(() => {
      isDone = true
    })
    const last = await pass(end, () => isDone)
    const rest = last.length > 0 ? last : await pass(time.now() + 2 * day, () => false)
    if (rest.length > 0) return rest
    if (acting > 0) return [`${acting} actors still wait for an answer`]
    return oracle.atTheEnd(except, clock.now())
  }

  const offences = await playAll()
  const counts = await oracle.counts()
  for (const line of await oracle.digest()) hash.update(line)
  let isStopped = false
  void deployment.stop().finally(() => {
    isStopped = true
  })
  while (!isStopped) {
    await calm()
    if (!isStopped) time.step()
  }
  await bankNetwork?.close()
  return { seed, offences, trace: hash.digest('hex'), steps, faults, ...counts }
}

const billingOf = (msisdn: string) => (numbers.indexOf(msisdn) % 3 === 0 ? 'prepaid' : 'postpaid')
const textOf = (error: unknown) =>
  error instanceof Error
    ? `${error.message}\n${error.stack?.split('\n').slice(1, 5).join('\n')}`
    : String(error)
