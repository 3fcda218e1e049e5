/** The simulated bank of the benchmark: its cards, its configuration, and what it is asked. */
import { type BankConfig, parseBankConfig } from '../../server/src/rails/bank/index.ts'
import type { LoadResult } from './load.ts'
import { numberAt } from './numbers.ts'

export interface SimulatedBankAnswers {
  /** Ports of the bank of the server, and of another one for the link alone: each has one session. */
  open: { readonly server: number; readonly alone: number }
}

export interface BankLinkAnswers {
  open: object
  buy: LoadResult
}

export const platform = '99010000'
export const institution = '99031000'
export const begins = '999001'
export const bankName = 'bench'
export const holderName = '林晚'
export const walletPin = '507214'
export const masterKey = Uint8Array.from({ length: 16 }, (_, at) => at * 7 + 1)

/** The numbers from here on have no card. */
export const cardsMax = 20_000

export interface SeededCard {
  readonly number: string
  readonly pan: string
  readonly idNumber: string
}

/** The card of the number with that index, and who holds it. */
export const cardAt = (index: number): SeededCard => ({
  number: numberAt(index),
  pan: withCheckDigit(`${begins}${String(index).padStart(12, '0')}`),
  idNumber: idNumberAt(index),
})

/** ISO/IEC 7812-1. */
function withCheckDigit(digits: string): string {
  const sum = [...digits]
    .toReversed()
    .map((digit, at) => Number(digit) * (at % 2 === 0 ? 2 : 1))
    .reduce((total, value) => total + (value > 9 ? value - 9 : value), 0)
  return `${digits}${(10 - (sum % 10)) % 10}`
}

const birthDays = 10_000
const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]

/** GB 11643: somebody else for each index. */
function idNumberAt(index: number): string {
  const born = new Date((index % birthDays) * 86_400_000).toISOString().slice(0, 10)
  const serial = String(Math.floor(index / birthDays)).padStart(3, '0')
  const digits = `420106${born.replaceAll('-', '')}${serial}`
  const sum = weights.reduce((total, weight, at) => total + weight * Number(digits[at]), 0)
  return `${digits}${'10X98765432'[sum % 11]}`
}

/** The file of the bank, as an operator would write it: all that is not said is as shipped. */
export const bankFile = (port: number) => ({
  ...{ name: bankName, acquirer: '99020000', forwarder: platform, receiver: institution },
  acceptor: { category: '6010', terminal: '88000001', id: '888800000000001', name: '滨江路厅' },
  connection: { host: '127.0.0.1', port },
  messages: { flavour: 'unionpay_host', header: { destination: institution, source: platform } },
  mac: { algorithm: 'retail' },
  pin: { keptBy: 'wallet' },
})

export function bankConfig(port: number): BankConfig {
  const read = parseBankConfig(JSON.stringify(bankFile(port)))
  if (!read.ok) throw new Error(read.refusal.join('\n'))
  return read.value
}

export const binTable = {
  banks: [
    {
      ...{ name: bankName, zh: '江城银行', en: 'Jiangcheng Bank' },
      dayLimit: { debit: null, credit: null },
    },
  ],
  bins: [{ begins, lengths: [19], kind: 'debit', bank: bankName }],
}
