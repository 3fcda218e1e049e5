/** Program: purchases through the link to a bank by itself. No database, no rows, no texts. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { enterMaster } from '../../server/src/demo/banks.ts'
import { createIds, Secret, systemClock } from '../../server/src/kernel/index.ts'
import { createKeyStore, openKeyFile } from '../../server/src/keys/index.ts'
import {
  createKeptKeys,
  createStanSource,
  createWireBank,
  type WireBank,
} from '../../server/src/rails/bank/index.ts'
import { bankConfig, bankName, cardAt, masterKey } from './bank-contract.ts'
import { type LoadPlan, runLoad } from './load.ts'
import { serveOrders } from './processes.ts'

async function openLink(port: number): Promise<WireBank> {
  const ids = createIds()
  const clock = systemClock
  const folder = mkdtempSync(join(tmpdir(), 'telepurse-bench-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  const secret = new Secret(Buffer.from(ids.random(32)).toString('base64'))
  const master = { from: 'field-key', secret } as const
  const keys = createKeyStore(openKeyFile({ folder, master, ids }), { clock, ids })
  await enterMaster(keys, { bank: bankName, octets: masterKey, ids })
  const config = bankConfig(port)
  const link = createWireBank({
    ...{ config, clock, random: ids.random, stans: createStanSource() },
    keys: createKeptKeys({ keys, bank: bankName, mac: config.mac, clock }),
    handlers: { onLate() {}, async onCutOver() {}, async onTotals() {} },
    files: { open: async () => undefined },
  })
  link.start()
  await link.whenReady()
  return link
}

let link: WireBank | undefined
let cardCount = 0
let orders = 0

async function buyOnce(): Promise<number> {
  if (!link) throw new Error('the link is not open')
  orders += 1
  const card = { pan: new Secret(cardAt(orders % cardCount).pan) }
  const begun = performance.now()
  const order = { exchange: link.begin(), card, amount: 10_00n, orderNo: `B${orders}` }
  const answer = await link.purchase(order)
  if (answer.outcome !== 'done') throw new Error(`not approved: ${JSON.stringify(answer)}`)
  return performance.now() - begun
}

serveOrders({
  async open(order: { readonly port: number; readonly cardCount: number }) {
    cardCount = order.cardCount
    link = await openLink(order.port)
    return {}
  },
  buy: ({ plan }: { readonly plan: LoadPlan }) => runLoad(plan, buyOnce),
})
