/** Everything the demo page shows, in one piece: phones, shops, ledger, links (see web/src/demo/state.ts). */
import type { Boss, LineView, Smsc } from '@telepurse/simulators'
import { reasonText } from '../channels/sms/index.ts'
import type { Parts } from '../compose.ts'
import { masked, national, shareHalfUp } from '../kernel/index.ts'
import type { Merchant } from '../merchants/index.ts'
import { type Payment, serviceNumber } from '../payments/index.ts'
import { daysOf, totalsOf } from '../settlement/index.ts'
import type { DemoClock } from './clock.ts'
import { ledgerView } from './ledger-view.ts'
import type { createNetwork } from './network.ts'
import { roomLeft } from './room-store.ts'
import type { createSelfCheck } from './self-check.ts'
import { type Shops, shopIds } from './shops.ts'

export interface DemoWorld {
  readonly parts: Parts
  readonly clock: DemoClock
  readonly smsc: Smsc
  readonly boss: Boss
  readonly network: ReturnType<typeof createNetwork>
  readonly shops: Shops
  readonly selfCheck: ReturnType<typeof createSelfCheck>
  readonly reset: () => void
}

export const demoNumbers = ['13800138000', '13900139000', '13700137000'] as const
const recent = 8
const statementDays = 5
const unknownStates = ['charge_unknown', 'reversing'] as const

export async function demoState(world: DemoWorld): Promise<Readonly<Record<string, unknown>>> {
  const { parts, clock, smsc, network } = world
  const now = clock.now()
  const newest = await parts.payments.list({ order: 'desc', offset: 0, limit: recent })
  const withRefunds = await Promise.all(
    newest.items.map(async (payment) => ({
      ...payment,
      refunds: await parts.payments.refundsOf(payment.id),
    })),
  )
  const link = parts.smsc()
  const carrier = parts.carrier.live.health()
  return {
    now,
    zone: parts.time.zone,
    paused: clock.paused(),
    links: {
      smsc: { up: link?.bound ?? false, bound: smsc.boundLinks(), queued: smsc.queued() },
      boss: { up: carrier.up, unanswered: carrier.unanswered },
    },
    network: network.current(),
    lines: await Promise.all(demoNumbers.map((number) => lineOf(world, number, now))),
    merchants: await Promise.all(shopIds.map((id) => merchantOf(world, id, now))),
    ledger: await ledgerView(parts.db, parts.catalogue, withRefunds),
    checks: world.selfCheck.last(),
  }
}

const billKinds = {
  information: 'charge',
  communication: 'sms',
  refund: 'refund',
  reversal: 'refund',
} as const

async function lineOf({ parts, smsc, boss }: DemoWorld, number: string, now: number) {
  const line = boss.lineView(`+86${number}`)
  const room = await roomLeft(parts, `+86${number}`, now)
  return {
    msisdn: number,
    billing: line?.billing ?? 'prepaid',
    status: line?.status === 'active' ? 'active' : 'suspended',
    ...(line?.billing === 'prepaid' && { balance: line.balance }),
    monthSpent: line?.monthSpent ?? '0',
    reserved: line?.reserved ?? '0',
    ...room,
    bill: billOf(line),
    messages: smsc
      .messages(`+86${number}`)
      .slice(-60)
      .map((message) => ({
        id: message.id,
        direction: message.direction,
        peer: message.peer.startsWith('+') ? national(message.peer) : message.peer,
        text: message.text,
        at: message.at,
      })),
  }
}

const billOf = (line: LineView | undefined) =>
  (line?.charges ?? []).slice(0, 30).map(({ at, kind, text, amount }) => ({
    at: Date.parse(at),
    text,
    amount,
    kind: billKinds[kind],
  }))

async function merchantOf(world: DemoWorld, id: string, now: number) {
  const { parts } = world
  const { catalogue, payments, time } = parts
  const merchant = catalogue.merchant(id)
  const orders = await payments.list({ merchantId: id, order: 'desc', offset: 0, limit: recent })
  const open = merchant?.openAmount
  return {
    id,
    name: merchant?.name ?? { zh: id, en: id },
    number: serviceNumber(id),
    goods: catalogue
      .productsOf(id)
      .map(({ code, name, price }) => ({ code, name, price: price.toString() })),
    openAmount: open
      ? { min: open.min.toString(), max: open.max.toString(), step: open.step.toString() }
      : null,
    orders: orders.items.map(orderOf),
    webhooks: await webhooksOf(world, id),
    today: await todayOf(parts, merchant, id, now),
    statements: await statementsOf(parts, id, time.dateOf(now)),
  }
}

const orderOf = (payment: Payment) => ({
  paymentId: payment.id,
  orderNo: payment.orderNo,
  at: payment.createdAt,
  goods: payment.goods,
  msisdn: masked(payment.msisdn),
  amount: payment.amount.toString(),
  refunded: payment.refunded.toString(),
  state: payment.state,
  ...(payment.reason !== null && {
    reason: { zh: reasonText(payment.reason, 'zh'), en: reasonText(payment.reason, 'en') },
  }),
})

interface DeliveryView {
  readonly id: string
  readonly type: string
  readonly state: 'pending' | 'delivered' | 'dead'
  readonly attempts: number
  readonly lastStatus: number | null
  readonly lastMs: number | null
  readonly createdAt: string
}

const deliveryStates = { pending: 'retrying', delivered: 'delivered', dead: 'failed' } as const

/** Asked of the public API, as the merchant would. */
async function webhooksOf({ shops }: DemoWorld, merchantId: string) {
  const url = `/v1/webhook-deliveries?limit=${recent}`
  const page = await shops.call(merchantId, { method: 'GET', url })
  return (page as { items: DeliveryView[] }).items.map((delivery) => ({
    deliveryId: delivery.id,
    at: Date.parse(delivery.createdAt),
    type: delivery.type,
    status: delivery.lastStatus,
    ms: delivery.lastMs,
    attempts: delivery.attempts,
    state: deliveryStates[delivery.state],
  }))
}

/** Today so far, with the contract's shares as an estimate: the bill of the period decides. */
async function todayOf(
  { db, time, payments }: Parts,
  merchant: Merchant | undefined,
  merchantId: string,
  now: number,
) {
  const totals = await totalsOf(db, time.dateOf(now), merchantId)
  const unknown = await payments.list({
    merchantId,
    states: unknownStates,
    order: 'desc',
    offset: 0,
    limit: 100,
  })
  const base = totals.sales - totals.refunds
  const carrierShare = shareHalfUp(base, BigInt(merchant?.carrierShare ?? 0))
  const platformFee = shareHalfUp(base, BigInt(merchant?.feeRate ?? 0))
  const unknownAmount = unknown.items.reduce((sum, payment) => sum + payment.amount, 0n)
  return {
    count: Number(totals.salesCount),
    gross: totals.sales.toString(),
    refunds: totals.refunds.toString(),
    carrierShare: carrierShare.toString(),
    platformFee: platformFee.toString(),
    net: (base - carrierShare - platformFee).toString(),
    unknownCount: unknown.total,
    unknownAmount: unknownAmount.toString(),
  }
}

async function statementsOf({ db, time }: Parts, merchantId: string, today: string) {
  const { closedThrough } = await daysOf(db)
  return Array.from({ length: statementDays }, (_, back) => {
    const date = time.nextDate(today, -back)
    const ready = closedThrough !== null && date <= closedThrough
    const url = `/demo/statements/${merchantId}/${date}`
    return { date, state: ready ? 'ready' : 'not_ready', url }
  })
}
