/** What each benchmark must reach on two cores. Ratios are of one run, so neighbours cancel out. */
import type { Figure } from './report.ts'

export interface Outcome {
  readonly what: string
  readonly wanted: string
  readonly figure: string
  readonly isMet: boolean
}

interface Target {
  readonly what: string
  readonly unit: string
  readonly atLeast?: number
  readonly atMost?: number
  /** Undefined when the figures it needs were not taken. */
  readonly of: (find: Find) => number | undefined
}

type Find = (name: string, load?: string) => Figure | undefined

const perSecond = (figure: Figure | undefined) => figure?.median.perSecond
const cpuOf = (figure: Figure | undefined) =>
  figure && Object.values(figure.cpuUs).reduce<number>((sum, us) => sum + (us ?? 0), 0)
const oursOf = (figure: Figure | undefined) =>
  figure && (figure.cpuUs.server ?? Number.NaN) + (figure.cpuUs.postgres ?? Number.NaN)
const ratio = (a: number | undefined, b: number | undefined) =>
  a === undefined || b === undefined ? undefined : a / b

export const ledgerNames = {
  uniform: 'lists of 500, uniform',
  hot: 'lists of 500, hot merchants',
  held: 'lists of 500, hold and post',
  large: 'lists of 500, 1,000,000 accounts',
  embedded: 'lists of 500, PGlite with fsync',
  transaction: 'a transaction per transfer',
  function: 'a function call per transfer',
} as const

export const appNames = {
  usable: 'opened for the first time until usable',
  again: 'opened again until usable',
  pushed: 'paid elsewhere until seen',
} as const

export const bankNames = {
  card: 'payments by card',
  phoneBill: 'payments from the phone bill',
  link: 'the link to the bank alone',
} as const

export const walletNames = {
  phoneBill: 'payments from the phone bill, over HTTP',
  wallet: 'payments from the wallet, over HTTP',
  transfers: 'transfers at once, over HTTP',
  shown: 'codes of customers read by a till, over HTTP',
  read: 'codes of merchants paid by customers, over HTTP',
} as const

export const transferNames = {
  payments: 'payments from the phone bill, the lane alone',
  wallet: 'payments from the wallet, the lane alone',
  transfers: 'transfers at once, the lane alone',
} as const

const grown = 'accepted and charged'

const targets: Readonly<Record<string, readonly Target[]>> = {
  ledger: [
    {
      what: 'lists of 500 against a transaction per transfer on 32 connections',
      unit: '×',
      atLeast: 15,
      of: (find) =>
        ratio(perSecond(find(ledgerNames.uniform)), perSecond(find(ledgerNames.transaction))),
    },
    {
      what: 'the same in processor time (says the same on a busy machine)',
      unit: '×',
      atLeast: 15,
      of: (find) => ratio(cpuOf(find(ledgerNames.transaction)), cpuOf(find(ledgerNames.uniform))),
    },
    {
      what: 'hot merchants against uniform',
      unit: '×',
      atLeast: 1,
      of: (find) => ratio(perSecond(find(ledgerNames.hot)), perSecond(find(ledgerNames.uniform))),
    },
    {
      what: '1,000,000 accounts against 10,000',
      unit: '×',
      atLeast: 0.5,
      of: (find) => ratio(perSecond(find(ledgerNames.large)), perSecond(find(ledgerNames.uniform))),
    },
    {
      what: 'PGlite with fsync against PostgreSQL',
      unit: '×',
      atLeast: 0.5,
      of: (find) =>
        ratio(perSecond(find(ledgerNames.embedded)), perSecond(find(ledgerNames.uniform))),
    },
  ],
  payments: [
    {
      what: 'payments over HTTP, 256 connections',
      unit: 'a second',
      atLeast: 10_000,
      of: (find) => perSecond(find('POST /v1/payments, accepted', '256')),
    },
    {
      what: 'against a bare Fastify',
      unit: '×',
      atLeast: 0.25,
      of: (find) =>
        ratio(
          perSecond(find('POST /v1/payments, accepted', '256')),
          perSecond(find('bare Fastify', '256')),
        ),
    },
    {
      what: 'against a transaction per payment',
      unit: '×',
      atLeast: 8,
      of: (find) =>
        ratio(
          perSecond(find('POST /v1/payments, accepted', '256')),
          perSecond(find('a transaction per payment')),
        ),
    },
    {
      what: 'p99',
      unit: 'ms',
      atMost: 25,
      of: (find) => find('POST /v1/payments, accepted', '256')?.median.p99Ms,
    },
  ],
  sms: [
    {
      what: 'whole purchases over SMPP',
      unit: 'a second',
      atLeast: 1_500,
      of: (find) => perSecond(find('sms purchases')),
    },
  ],
  bank: [
    {
      what: 'payments by card against those from the phone bill',
      unit: '×',
      atLeast: 0.5,
      of: (find) => ratio(perSecond(find(bankNames.card)), perSecond(find(bankNames.phoneBill))),
    },
    {
      what: 'the same in processor time of server and PostgreSQL',
      unit: '×',
      atMost: 2,
      of: (find) => ratio(oursOf(find(bankNames.card)), oursOf(find(bankNames.phoneBill))),
    },
  ],
  wallet: [
    {
      what: 'payments from the wallet against those from the phone bill, over HTTP',
      unit: '×',
      atLeast: 0.8,
      of: (find) =>
        ratio(perSecond(find(walletNames.wallet)), perSecond(find(walletNames.phoneBill))),
    },
    {
      what: 'transfers against payments from the phone bill, over HTTP',
      unit: '×',
      atLeast: 0.8,
      of: (find) =>
        ratio(perSecond(find(walletNames.transfers)), perSecond(find(walletNames.phoneBill))),
    },
    {
      what: 'codes of merchants paid by customers against payments from the phone bill, over HTTP',
      unit: '×',
      atLeast: 0.8,
      of: (find) =>
        ratio(perSecond(find(walletNames.read)), perSecond(find(walletNames.phoneBill))),
    },
    {
      what: 'codes of customers read by a till against payments from the phone bill, over HTTP',
      unit: '×',
      atLeast: 0.8,
      of: (find) =>
        ratio(perSecond(find(walletNames.shown)), perSecond(find(walletNames.phoneBill))),
    },
  ],
  transfers: [
    {
      what: 'payments from the wallet against those from the phone bill, without HTTP',
      unit: '×',
      atLeast: 0.8,
      of: (find) =>
        ratio(perSecond(find(transferNames.wallet)), perSecond(find(transferNames.payments))),
    },
    {
      what: 'transfers against payments from the phone bill, without HTTP',
      unit: '×',
      atLeast: 0.8,
      of: (find) =>
        ratio(perSecond(find(transferNames.transfers)), perSecond(find(transferNames.payments))),
    },
    {
      what: 'the same in processor time of lane and PostgreSQL',
      unit: '×',
      atMost: 2,
      of: (find) =>
        ratio(cpuOf(find(transferNames.transfers)), cpuOf(find(transferNames.payments))),
    },
  ],
  app: [
    {
      what: 'the first screen over the line',
      unit: 'kB',
      atMost: 150,
      of: (find) => find(appNames.usable)?.loadedKb,
    },
    {
      what: 'usable on a processor of a quarter over 4G',
      unit: 's',
      atMost: 1.5,
      of: (find) => inSeconds(find(appNames.usable)),
    },
    {
      what: 'a pushed change of the balance seen',
      unit: 'ms',
      atMost: 300,
      of: (find) => find(appNames.pushed)?.median.p50Ms,
    },
  ],
  statement: [
    {
      what: 'a statement of 1,000,000 payments',
      unit: 's',
      atMost: 60,
      of: (find) => inSeconds(find('telepurse statement', '1,000,000')),
    },
    {
      what: 'memory of its process',
      unit: 'MB',
      atMost: 512,
      of: (find) => find('telepurse statement')?.peakMb?.process ?? undefined,
    },
  ],
  verify: [
    {
      what: 'the ledger of 10,000,000 transfers verified',
      unit: 's',
      atMost: 60,
      of: (find) => inSeconds(find('ledger verified', '10,')),
    },
  ],
  growth: [
    {
      what: 'processor time of a payment after the most payments against 100,000',
      unit: '×',
      atMost: 2,
      of: (find) =>
        ratio(
          cpuOf(find(grown, '10,000,000') ?? find(grown, '1,000,000')),
          cpuOf(find(grown, '100,000 ')),
        ),
    },
  ],
}

const inSeconds = (figure: Figure | undefined) => figure && figure.median.p50Ms / 1_000

/** `load` is how the figure's load begins. */
export function outcomesOf(name: string, figures: readonly Figure[]): Outcome[] {
  const find: Find = (wanted, load = '') =>
    figures.find((one) => one.name === wanted && one.load.startsWith(load))
  return (targets[name] ?? []).map(({ what, unit, atLeast, atMost, of }) => {
    const value = of(find)
    const wanted = atLeast === undefined ? `≤ ${spell(atMost)}` : `≥ ${spell(atLeast)}`
    return {
      what,
      wanted: `${wanted} ${unit}`,
      figure: value === undefined ? 'not measured' : `${spell(value)} ${unit}`,
      isMet: value !== undefined && value >= (atLeast ?? 0) && value <= (atMost ?? Infinity),
    }
  })
}

const spell = (value = 0) =>
  value.toLocaleString('en', { maximumFractionDigits: value < 10 ? 2 : value < 100 ? 1 : 0 })
