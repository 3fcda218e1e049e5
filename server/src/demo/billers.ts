/**
 * The demo's billers: water, power, gas and telephone of Jiangcheng, and a top-up of any number, behind the real
 * protocol. Each has a customer who owes something and one who does not.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Billers, createBillers, type NewBiller } from '@telepurse/simulators'
import type { Ids } from '../kernel/index.ts'

interface DemoBiller extends Pick<NewBiller, 'code' | 'kind' | 'accounts'> {
  readonly zh: string
  readonly en: string
  readonly account: { readonly zh: string; readonly en: string; readonly pattern: string }
}

const customer = { zh: '户号', en: 'Customer no.', pattern: '\\d{10}' }
const number = { zh: '手机号', en: 'Mobile number', pattern: '1[3-9]\\d{9}' }
const accounts = (amount: bigint, months: readonly string[]) => [
  {
    ...{ accountNo: '0012345678', holder: '*禾' },
    items: months.map((period) => ({ period, amount })),
  },
  { accountNo: '0012345679', holder: '*晚', items: [] },
]

const facts: readonly DemoBiller[] = [
  {
    ...{
      code: 'water',
      kind: 'water',
      zh: '江城自来水',
      en: 'Jiangcheng Water',
      account: customer,
    },
    accounts: accounts(31_05n, ['2026-09', '2026-10']),
  },
  {
    ...{ code: 'power', kind: 'power', zh: '江城供电', en: 'Jiangcheng Power', account: customer },
    accounts: accounts(86_40n, ['2026-10']),
  },
  {
    ...{ code: 'gas', kind: 'gas', zh: '江城燃气', en: 'Jiangcheng Gas', account: customer },
    accounts: accounts(52_00n, ['2026-10']),
  },
  {
    ...{ code: 'phone', kind: 'phone', zh: '江城电信', en: 'Jiangcheng Telecom', account: number },
    accounts: [
      { accountNo: '13900139000', holder: '*禾', items: [{ period: '2026-10', amount: 89_80n }] },
    ],
  },
  { code: 'top_up', kind: 'top_up', zh: '话费充值', en: 'Phone top-up', account: number },
]

const onlyOwner = 0o600

export interface DemoBillersOptions {
  readonly folder: string
  readonly now: () => number
  readonly zone: string
  readonly ids: Ids
}

export interface DemoBillers {
  readonly billers: Billers
  /** What the server is told of them. */
  readonly settings: { readonly billersFolder: string }
}

export async function openDemoBillers(options: DemoBillersOptions): Promise<DemoBillers> {
  const { folder, now, zone, ids } = options
  const configs = join(folder, 'billers')
  mkdirSync(configs, { recursive: true })
  const secret = Buffer.from(ids.random(32)).toString('hex')
  const billers = createBillers({
    ...{ now, zone, journal: join(folder, 'billers.jsonl') },
    billers: facts.map(({ code, kind, accounts: all }) => ({
      ...{ code, kind, secret },
      ...(all && { accounts: all }),
    })),
  })
  const { url } = await billers.listen()
  for (const { code, kind, zh, en, account } of facts) {
    const place = { zh: '江城', en: 'Jiangcheng' }
    const named = { code, kind, name: { zh, en }, city: place, account, bank: 'jiangcheng' }
    const text = JSON.stringify({ ...named, url: `${url}/${code}`, secret }, null, 2)
    writeFileSync(join(configs, `${code}.json`), text, { mode: onlyOwner })
  }
  return { billers, settings: { billersFolder: configs } }
}
