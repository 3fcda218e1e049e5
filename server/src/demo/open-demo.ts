/**
 * One life of the demo: the real server on the embedded database, against a message centre and a billing system
 * that live in the same process and speak the real protocols over loopback.
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import {
  bankRoutes,
  billerRoutes,
  bossRoutes,
  createBoss,
  createSmsc,
  smscRoutes,
} from '@telepurse/simulators'
import type { FastifyInstance } from 'fastify'
import { composeServer, type Parts } from '../compose.ts'
import { choosePort } from '../composition/port.ts'
import { type Config, keptSecret } from '../config/index.ts'
import type { Log } from '../db/index.ts'
import { type Clock, createBusinessTime, createIds, Secret } from '../kernel/index.ts'
import { openDemoBanks } from './banks.ts'
import { openDemoBillers } from './billers.ts'
import { createDemoClock } from './clock.ts'
import { openCustomers } from './customer.ts'
import { openHall } from './hall.ts'
import { createNetwork } from './network.ts'
import { demoRoutes } from './routes.ts'
import { openSandbox, type SandboxSecrets } from './sandbox.ts'
import { seedMerchants } from './seed.ts'
import { createSelfCheck } from './self-check.ts'
import { createShops } from './shops.ts'
import { newVoucher } from './top-up-vouchers.ts'

/** Lines as the demo promises them: prepaid with 100.00, post-paid, suspended. */
const lines = [
  { msisdn: '13800138000', billing: 'prepaid', balance: 100_00n, brand: '神州行', language: 'zh' },
  { msisdn: '13900139000', billing: 'postpaid', balance: 500_00n, brand: '全球通', language: 'zh' },
  {
    msisdn: '13700137000',
    billing: 'postpaid',
    balance: 500_00n,
    brand: '动感地带',
    language: 'zh',
    status: 'suspended',
  },
] as const

const simulatorPassword = 'demo'
/** What the banks of the demo text their codes from. */
const bankService = '95500'
/** Banks send the file of a day by night; the demo's nights may be short. */
const publishEveryMs = 5_000
/** What the carrier takes for a text a customer sends, in fen. */
const textFee = 10n

export interface DemoTools {
  readonly clock: Clock
  readonly log: Log
  /** Begins a new life with nothing in it. */
  readonly reset: () => void
}

export async function openDemo(config: Config, tools: DemoTools) {
  const { log } = tools
  const folder = join(config.dataDir, 'simulators')
  mkdirSync(folder, { recursive: true })
  const clock = createDemoClock(join(folder, 'clock.json'), tools.clock)
  const ids = createIds()
  const random = () => (ids.random(1)[0] ?? 0) / 256
  const carrierToken = keptSecret(config.dataDir, 'operator-token')
  const boss = createBoss({
    now: clock.now,
    token: carrierToken.reveal(),
    zone: config.zone,
    journal: join(folder, 'boss.jsonl'),
    lines: [...lines],
    random,
  })
  const smsc = createSmsc({
    port: 0,
    systemId: 'telepurse',
    password: simulatorPassword,
    now: clock.now,
    random,
    journal: join(folder, 'smsc.jsonl'),
    onMobileOriginated: (from, parts) => void boss.chargeCommunication(from, textFee, parts),
  })
  const banks = await openDemoBanks({
    ...{ folder, now: clock.now, random },
    onOtp: ({ mobile, code }) =>
      smsc.deliver({
        from: bankService,
        to: mobile,
        text: `银行验证码${code}，5分钟内有效，用于绑定手机钱包，请只告诉营业员。`,
      }),
  })
  const billers = await openDemoBillers({ folder, now: clock.now, zone: config.zone, ids })
  const carrier = await boss.listen()
  const smscAddress = await smsc.listen()
  const port = await choosePort(config.host, config.port)
  const demoConfig: Config = {
    ...config,
    ...banks.settings,
    ...billers.settings,
    port,
    smsc: {
      host: '127.0.0.1',
      port: smscAddress.port,
      systemId: 'telepurse',
      password: new Secret(simulatorPassword),
      systemType: '',
      addressRange: '',
      bind: 'transceiver',
      window: 10,
      perSecondMax: 0,
    },
    carrierUrl: carrier.url,
    carrierToken,
    fieldKey: config.fieldKey ?? keptSecret(config.dataDir, 'field-key'),
    operatorToken: config.operatorToken ?? carrierToken,
    allowPrivateWebhooks: [...config.allowPrivateWebhooks, `${config.host}:${port}`],
  }
  const time = createBusinessTime(config.zone)
  let publishing: ReturnType<typeof setInterval> | undefined
  let openShops = async () => {}
  let sandbox: SandboxSecrets = {}
  const extend = async (app: FastifyInstance, parts: Parts) => {
    await banks.enterKeys(parts.keys, parts.ids)
    await seedMerchants(parts.db, parts.ids, clock.now())
    await parts.catalogue.reload()
    const shops = createShops(app, parts, join(folder, 'shops.json'))
    const selfCheck = createSelfCheck(parts.db, clock)
    const network = createNetwork(smsc, boss)
    await app.register(smscRoutes(smsc))
    await app.register(bossRoutes(boss))
    await app.register(bankRoutes(banks.banks))
    await app.register(billerRoutes(billers.billers))
    const { reset } = tools
    await demoRoutes(app, { parts, clock, smsc, boss, network, shops, selfCheck, reset })
    const hide = { schema: { hide: true } }
    app.get('/demo/sandbox-clients', hide, async () => sandbox)
    const hall = await openHall(parts, join(folder, 'hall.json'))
    app.get('/demo/hall', hide, async () => ({ people: hall() }))
    const customers = openCustomers(parts, banks)
    app.post<{ Body?: { number?: string } }>('/demo/customers', hide, async (request, reply) => {
      const made = await customers(request.body?.number)
      return made ? { customers: made } : reply.callNotFound()
    })
    app.post('/demo/top-up-vouchers', hide, async () => newVoucher(parts))
    openShops = async () => {
      await app.ready()
      await shops.open()
      sandbox = await openSandbox(parts, join(folder, 'sandbox.json'))
      await selfCheck.run()
    }
  }
  const server = await composeServer(demoConfig, { clock, log, extend })
  return {
    async start() {
      const started = await server.start()
      await openShops()
      publishing = setInterval(() => banks.publishFiles(time), publishEveryMs)
      return started
    },
    async close() {
      clearInterval(publishing)
      await server.close()
      await smsc.stop()
      await boss.close()
      await banks.close()
      await billers.billers.close()
    },
  }
}
