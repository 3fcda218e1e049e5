/**
 * The demo's banks: two simulated ones behind the real protocol. Jiangcheng Bank leaves the PIN to the wallet,
 * Beichen Bank keeps it itself. Both know the owner of the first handset.
 */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type BankOptions, createBank } from '@telepurse/simulators'
import { assert, type BusinessTime, type Ids, SecretBytes } from '../kernel/index.ts'
import { checkValueOf, type KeyStore } from '../keys/index.ts'
import { appCustomer, counterCustomer, cardSecrets as secrets } from './customer.ts'

const platform = '99010000'
const { holder } = counterCustomer

interface DemoBank {
  readonly code: string
  readonly institution: string
  readonly pinRule: 'ours' | 'bank'
  readonly zh: string
  readonly en: string
  /** In fen, as the BIN table has it. */
  readonly dayLimit: { readonly debit: string; readonly credit: string | null }
  readonly bins: readonly {
    readonly begins: string
    readonly lengths: readonly number[]
    readonly kind: 'debit' | 'credit'
  }[]
  readonly cards: NonNullable<BankOptions['cards']>
}

const facts: readonly DemoBank[] = [
  {
    ...{ code: 'jiangcheng', institution: '99031000', pinRule: 'ours', zh: '江城银行' },
    ...{ en: 'Jiangcheng Bank', dayLimit: { debit: '2000000', credit: '1000000' } },
    bins: [
      { begins: '999001', lengths: [19], kind: 'debit' },
      { begins: '999002', lengths: [16], kind: 'credit' },
    ],
    cards: [
      {
        ...{ pan: counterCustomer.debit, holder, kind: 'debit', ...secrets },
        balance: 8_000_00n,
      },
      {
        ...{ pan: appCustomer.debit, holder: appCustomer.holder, kind: 'debit', ...secrets },
        balance: 6_000_00n,
      },
      {
        ...{ pan: appCustomer.credit, holder: appCustomer.holder, kind: 'credit', ...secrets },
        ...{ balance: -1_234_56n, creditLimit: 20_000_00n, billDay: 5, dueDay: 25 },
      },
      {
        ...{ pan: '9990020000078866', kind: 'credit', holder, ...secrets },
        ...{ balance: 0n, creditLimit: 20_000_00n, billDay: 5, dueDay: 25 },
      },
    ],
  },
  {
    ...{ code: 'beichen', institution: '99032000', pinRule: 'bank', zh: '北辰银行' },
    ...{ en: 'Beichen Bank', dayLimit: { debit: '500000', credit: null } },
    bins: [{ begins: '999003', lengths: [19], kind: 'debit' }],
    cards: [{ pan: '9990030000000040417', kind: 'debit', holder, ...secrets, balance: 3_000_00n }],
  },
]

/** Sixteen octets that only the simulated bank and this demo know; a real one is entered in components. */
const masterOf = (code: string) =>
  Uint8Array.from(
    { length: 16 },
    (_, at) => (code.charCodeAt(at % code.length) * 7 + at * 11) % 256,
  )

export interface DemoBanksOptions extends Pick<BankOptions, 'now' | 'random' | 'onOtp'> {
  readonly folder: string
}

export async function openDemoBanks({ folder, ...tools }: DemoBanksOptions) {
  const configs = join(folder, 'banks')
  const bankFiles = join(folder, 'bank-files')
  mkdirSync(configs, { recursive: true })
  const banks = facts.map(({ code, institution, pinRule, bins, cards }) =>
    createBank({
      ...{ ...tools, code, institution, platform, pinRule, mac: 'x9.19' },
      bins: bins.map(({ begins }) => begins),
      zoneMasterKey: { reveal: () => masterOf(code) },
      cutOver: { at: '23:00', lastsMs: 60_000 },
      journal: join(folder, `bank-${code}.jsonl`),
      cards,
    }),
  )
  for (const [at, fact] of facts.entries()) {
    const listening = await banks[at]?.listen()
    const text = JSON.stringify(configOf(fact, listening?.port ?? 0), null, 2)
    writeFileSync(join(configs, `${fact.code}.json`), text)
  }
  const binTable = join(folder, 'bins.json')
  writeFileSync(binTable, JSON.stringify(binTableOf(), null, 2))
  return {
    banks,
    /** What the server is told of them. */
    settings: { banksFolder: configs, binTable, bankFiles },
    /** The master keys, as two people would enter them; a store that has them keeps them. */
    async enterKeys(keys: KeyStore, ids: Ids) {
      for (const { code } of facts)
        await enterMaster(keys, { bank: code, octets: masterOf(code), ids })
    },
    /** The files of days that are over, for the server to fetch: what a bank would send by night. */
    publishFiles(time: BusinessTime) {
      mkdirSync(bankFiles, { recursive: true })
      for (const days of [1, 2, 3])
        for (const bank of banks) {
          const date = time.dateOf(tools.now() - days * 86_400_000)
          const file = bank.dailyFile(date.replaceAll('-', ''))
          const path = join(bankFiles, `${bank.code}_${date}.txt`)
          if (file.ok && !existsSync(path)) writeFileSync(path, file.value)
        }
    },
    close: () => Promise.all(banks.map((bank) => bank.close())),
  }
}

export type DemoBanks = Awaited<ReturnType<typeof openDemoBanks>>

const configOf = ({ code, institution, pinRule }: DemoBank, port: number) => ({
  ...{ name: code, acquirer: '99020000', forwarder: platform, receiver: institution },
  acceptor: { category: '6010', terminal: '88000001', id: '888800000000001', name: '滨江路厅' },
  connection: { host: '127.0.0.1', port, answerMs: 10_000 },
  messages: { flavour: 'unionpay_host', header: { destination: institution, source: platform } },
  mac: { algorithm: 'retail' },
  pin: { keptBy: pinRule === 'bank' ? 'bank' : 'wallet' },
  cards: { perNumberMax: 3 },
})

const binTableOf = () => ({
  banks: facts.map(({ code: name, zh, en, dayLimit }) => ({ name, zh, en, dayLimit })),
  bins: facts.flatMap(({ code: bank, bins }) => bins.map((bin) => ({ ...bin, bank }))),
})

interface Master {
  readonly bank: string
  readonly octets: Uint8Array
  readonly ids: Ids
}

/** As two people would enter it, unless it is there. */
export async function enterMaster(keys: KeyStore, { bank, octets, ids }: Master): Promise<void> {
  const name = `bank:${bank}:zmk`
  if (keys.readable(name).length > 0) return
  const algorithm = 'tdes-double'
  const mask = Uint8Array.from(ids.random(octets.length))
  const components = [mask, octets.map((octet, at) => octet ^ (mask[at] ?? 0))].map((part) => ({
    checkValue: checkValueOf(algorithm, part),
    octets: new SecretBytes(part),
  }))
  const spec = { name, use: 'kek', algorithm } as const
  const entered = await keys.importComponents(spec, components, checkValueOf(algorithm, octets))
  assert(entered.ok, 'a master key of a simulated bank is sound')
}
