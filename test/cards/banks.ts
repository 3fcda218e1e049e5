/**
 * Two simulated banks on TCP, as the server is told of them: Jiangcheng leaves the PIN to the wallet, Beichen
 * keeps it itself. Waits of seconds are a tenth as long, and what is longer goes by the clock of the test.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Bank, createBank } from '@telepurse/simulators'
import { dailyFileName } from '../../server/src/rails/bank/file-folder.ts'
import { panOf } from '../../server/test/bank/binding-stage.ts'
import type { manualTiming } from '../../server/test/bank/manual-timing.ts'

export type BankName = 'jiangcheng' | 'beichen'
export const bankNames: readonly BankName[] = ['jiangcheng', 'beichen']

export const platform = '99010000'
export const bankFacts = {
  jiangcheng: { institution: '99031000', pinRule: 'ours', debit: '999001', credit: '999002' },
  beichen: { institution: '99032000', pinRule: 'bank', debit: '999003', credit: '999004' },
} as const
const named = { jiangcheng: '江城银行', beichen: '北辰银行' } as const
const kinds = ['debit', 'credit'] as const

/** What the holder of every card here is called, and what the bank has on file beside. */
export const person = { name: '林晚', number: '420106199108173716' } as const
export const cardSecrets = { expiry: '3012', pin: '246810', cvn2: '739' } as const

export const masterKeyOf = (name: BankName): Uint8Array =>
  Uint8Array.from({ length: 16 }, (_, at) => (name.charCodeAt(at % name.length) * 5 + at * 3) % 256)

/** What the server is told of one of them. */
export const settingsOf = (
  name: BankName,
  connection: Readonly<Record<string, string | number>>,
  breaker: Readonly<Record<string, number>>,
) => ({
  ...{ name, acquirer: '99020000', forwarder: platform, receiver: bankFacts[name].institution },
  acceptor: { category: '6010', terminal: '88000001', id: '888800000000001', name: '营业厅' },
  ...{ connection, breaker },
  messages: {
    flavour: 'unionpay_host',
    header: { destination: bankFacts[name].institution, source: platform },
  },
  mac: { algorithm: 'retail' },
  pin: { keptBy: bankFacts[name].pinRule === 'bank' ? 'bank' : 'wallet' },
})

export const binTableOf = () => ({
  banks: bankNames.map((name) => ({
    ...{ name, zh: named[name], en: name },
    dayLimit: { debit: '5000000', credit: null },
  })),
  bins: bankNames.flatMap((bank) =>
    kinds.map((kind) => ({ bank, kind, begins: bankFacts[bank][kind], lengths: [19] })),
  ),
})

const real = (ms: number, act: () => void) => {
  const timer = setTimeout(act, ms)
  return () => clearTimeout(timer)
}

const dayMs = 86_400_000

export async function openBanks({
  folder,
  time,
  answerMs,
}: {
  readonly folder: string
  readonly time: ReturnType<typeof manualTiming>
  readonly answerMs: number
}) {
  const [banksFolder, bankFiles] = [join(folder, 'banks'), join(folder, 'files')]
  mkdirSync(banksFolder)
  mkdirSync(bankFiles)
  const { timing, clock } = time
  // The day before the first is over too, and has its file.
  const firstDay = clock.now() - dayMs
  const banks = {} as Record<BankName, Bank>
  for (const name of bankNames) {
    const { institution, pinRule, debit, credit } = bankFacts[name]
    const bank = createBank({
      ...{ code: name, institution, platform, pinRule, bins: [debit, credit], mac: 'x9.19' },
      zoneMasterKey: { reveal: () => masterKeyOf(name) },
      cutOver: { at: '23:00', lastsMs: 0 },
      now: clock.now,
      later: (ms, act) => (ms > 5_000 ? timing.after(ms, act) : real(ms / 10, act)),
    })
    const { host, port } = await bank.listen()
    const connection = { answerMs, reconnectMs: 5, reconnectMaxMs: 50, drainMs: 200 }
    const config = settingsOf(name, { host, port, ...connection }, { troublesMax: 1_000 })
    writeFileSync(join(banksFolder, `${name}.json`), JSON.stringify(config))
    banks[name] = bank
  }
  const binTable = join(folder, 'bins.json')
  writeFileSync(binTable, JSON.stringify(binTableOf()))
  return {
    ...banks,
    settings: { BANKS_FOLDER: banksFolder, BANK_FILES: bankFiles, BIN_TABLE: binTable },
    panOf: (bank: BankName, kind: 'debit' | 'credit', serial: number) =>
      panOf(bankFacts[bank][kind], serial),
    /** The files of all days that are over, as they arrive in the night. */
    publish() {
      for (const name of bankNames)
        for (let day = firstDay; ; day += dayMs) {
          const date = new Date(day).toISOString().slice(0, 10)
          const file = banks[name].dailyFile(date.replaceAll('-', ''))
          if (!file.ok) break
          writeFileSync(join(bankFiles, dailyFileName(name, date)), file.value)
        }
    },
    async close() {
      for (const name of bankNames) await banks[name].close()
    },
  }
}

export type Banks = Awaited<ReturnType<typeof openBanks>>
