/** The banks of a folder, one JSON file each: their links, and operations over them. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  type BankSlot,
  type CardOperationsModule,
  createCardOperations,
  type LinkedBank,
} from '../bank-cards/index.ts'
import type { CardVault } from '../card-vault/index.ts'
import type { Config } from '../config/index.ts'
import { createBusinessTime } from '../kernel/index.ts'
import {
  type BankConfig,
  type BankLog,
  type BankOptions,
  createKeptKeys,
  createLinkStans,
  createWireBank,
  folderSource,
  keyNamesOf,
  openStanBlocks,
  parseBankConfig,
  type WireBank,
} from '../rails/bank/index.ts'
import type { Core } from './core.ts'

export interface BankState {
  readonly name: string
  readonly up: boolean
  readonly detail: string
}

export interface Banks {
  readonly operations: CardOperationsModule
  /** By name, for whoever binds its cards; undefined for one that is not set up. */
  linkedBankOf(name: string): LinkedBank | undefined
  /** Whether the bank asks for the customer's own PIN there. */
  keepsPin(name: string): boolean
  health(): readonly BankState[]
  /** Begins to connect. */
  start(): void
  /** Works off what is due, too. */
  work(): Promise<void>
  kick(): void
  close(): Promise<void>
}

/** What banks need; the vault shows card numbers to nobody else. */
export type BankTools = Pick<Core, 'config' | 'db' | 'clock' | 'ids' | 'keys' | 'log'> & {
  readonly vault: CardVault
  readonly onEffect?: Parameters<typeof createCardOperations>[0]['onEffect']
}

/** `open` links one bank; by its settings, unless it is another. */
export async function openBanks(parts: BankTools, open = openBank): Promise<Banks> {
  const { config, db, clock, keys, log, vault, onEffect } = parts
  const configs = readBanks(config)
  const slots = new Map<string, BankSlot>()
  const bankOf = (name: string) => slots.get(name)
  const operations = createCardOperations({
    ...{ db, clock, keys, vault, log, bankOf },
    ...(onEffect && { onEffect }),
  })
  const links: WireBank[] = []
  const settings = new Map(configs.map((one) => [one.name, one]))
  for (const one of configs) {
    const bank = await open(parts, { config: one, operations })
    links.push(bank)
    const { waitMs, answerMs } = one.connection
    const longestMs = waitMs + answerMs + marginMs
    slots.set(one.name, { bank, time: createBusinessTime(one.zone), longestMs })
  }
  return {
    operations,
    linkedBankOf(name) {
      const slot = slots.get(name)
      const cardsPerNumberMax = settings.get(name)?.cards.perNumberMax
      return slot && cardsPerNumberMax ? { bank: slot.bank, cardsPerNumberMax } : undefined
    },
    keepsPin: (name) => settings.get(name)?.pin.keptBy === 'bank',
    health: () => links.map((bank) => ({ name: bank.name, ...bank.health() })),
    start() {
      for (const bank of links) bank.start()
    },
    work: () => operations.start(links.map(({ name }) => name)),
    kick: operations.kick,
    async close() {
      await operations.close()
      await Promise.all(links.map((bank) => bank.close()))
    },
  }
}

/** What the database may need around a message, before its job takes it for lost. */
const marginMs = 15_000

/** `lines` stands in the place of TCP, of the machine's timers or of the folder with the files. */
export async function openBank(
  { config: settings, db, clock, ids, keys, log }: BankTools,
  {
    config,
    operations,
  }: { readonly config: BankConfig; readonly operations: CardOperationsModule },
  lines: Partial<Pick<BankOptions, 'connect' | 'timing' | 'files'>> = {},
): Promise<WireBank> {
  const { name, mac, zone } = config
  const bankLog: BankLog = (level, event, details) => log[level]({ event, ...details }, 'bank')
  const time = createBusinessTime(zone)
  return createWireBank({
    ...{ config, clock, log: bankLog, random: ids.random },
    keys: createKeptKeys({ keys, bank: name, mac, clock }),
    stans: await openStanBlocks({ db, clock, bank: name, time, log: bankLog }),
    linkStans: createLinkStans(ids.random),
    files: folderSource(settings.bankFiles ?? join(settings.dataDir, 'bank-files')),
    ...lines,
    handlers: {
      onLate(late) {
        operations.onLate(name, late).catch((error: unknown) => {
          log.error({ err: error, bank: name }, 'a late answer of a bank was not kept')
        })
      },
      onCutOver: (cutOver) => operations.onCutOver(name, cutOver),
      onTotals: (totals) => operations.onTotals(name, totals),
    },
  })
}

/** Every `*.json` in the folder. The message of what is wrong names the file and the place in it. */
export function readBanks({ banksFolder }: Pick<Config, 'banksFolder'>): BankConfig[] {
  if (banksFolder === null) return []
  const files = readdirSync(banksFolder).filter((name) => name.endsWith('.json'))
  const banks = files.toSorted().map((file) => {
    const read = parseBankConfig(readFileSync(join(banksFolder, file), 'utf8'))
    if (!read.ok) throw new Error([`bank file ${file}:`, ...read.refusal].join('\n  '))
    if (!keyNamesOf(read.value.name))
      throw new Error(`bank file ${file}: name must have single _ between letters and digits`)
    return read.value
  })
  const names = banks.map(({ name }) => name)
  const twice = names.find((name, at) => names.indexOf(name) !== at)
  if (twice !== undefined) throw new Error(`two files in ${banksFolder} are of bank ${twice}`)
  return banks
}
