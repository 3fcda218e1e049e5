/**
 * The banks of the kill loop: the simulators with their journals, over TCP, in a process that nobody kills. Their
 * clock goes with the platform's, and their files come when a day of theirs is over.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Bank, createBank } from '@telepurse/simulators'
import { dailyFileName } from '../../server/src/rails/bank/file-folder.ts'
import {
  type BankName,
  bankFacts,
  bankNames,
  binTableOf,
  masterKeyOf,
  platform,
  settingsOf,
} from '../cards/banks.ts'
import { cardsOfBank } from '../simulation/people.ts'
import { answerLines } from './answer-lines.ts'
import { bankPlaces } from './bank-places.ts'

const [, , folder = ''] = process.argv
const { banksFolder, bankFiles, binTable, otpOf } = bankPlaces(folder)
for (const made of [banksFolder, bankFiles]) mkdirSync(made, { recursive: true })
const dayMs = 86_400_000
let ahead = 0
const now = () => Date.now() + ahead
const firstDay = now() - dayMs

async function open(name: BankName): Promise<Bank> {
  const { institution, pinRule, debit, credit } = bankFacts[name]
  const bank = createBank({
    ...{ code: name, institution, platform, pinRule, bins: [debit, credit], mac: 'x9.19', now },
    zoneMasterKey: { reveal: () => masterKeyOf(name) },
    journal: join(folder, `${name}.jsonl`),
    cards: cardsOfBank(name),
    onOtp: ({ pan, code }) => writeFileSync(otpOf(pan), code),
  })
  const { host, port } = await bank.listen()
  const connection = { host, port, answerMs: 3_000, reconnectMs: 20, reconnectMaxMs: 200 }
  const settings = settingsOf(name, connection, { troublesMax: 1_000 })
  writeFileSync(join(banksFolder, `${name}.json`), JSON.stringify(settings))
  return bank
}

const banks = await Promise.all(bankNames.map(open))
writeFileSync(binTable, JSON.stringify(binTableOf()))

/** Of all days that are over. */
function publish(): void {
  for (const bank of banks)
    for (let at = firstDay; at < now(); at += dayMs) {
      const date = new Date(at + 8 * 3_600_000).toISOString().slice(0, 10)
      const file = bank.dailyFile(date.replaceAll('-', ''))
      if (file.ok) writeFileSync(join(bankFiles, dailyFileName(bank.code, date)), file.value)
    }
}
publish()

answerLines({
  advance({ ms }) {
    ahead += Number(ms)
    publish()
  },
  async fault({ kind, on, percent }) {
    const fault = { kind, on, percent: Number(percent) } as Parameters<Bank['addFault']>[0]
    for (const bank of banks) await bank.addFault(fault)
  },
  /** Everything the banks have in their books of us. */
  books: () =>
    banks.map((bank) => ({
      name: bank.code,
      transactions: bank.transactions(),
      complaints: bank.complaints(),
      own: bank.ownBalances(),
      cards: bank.cards().map(({ card, balance }) => ({ pan: card.pan, balance })),
    })),
})
