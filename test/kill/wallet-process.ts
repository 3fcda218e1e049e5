/**
 * The platform of the kill loop: payments as `serve` composes them, on PostgreSQL and a carrier over
 * HTTP, fed by lines on standard input. Its clock can be put forward, so that leases and questions to
 * the carrier need not be waited for.
 */
import { read } from '../../server/src/channels/sms/index.ts'
import { openDatabase } from '../../server/src/db/index.ts'
import { seedMerchants } from '../../server/src/demo/seed.ts'
import { createBusinessTime, createIds, Secret } from '../../server/src/kernel/index.ts'
import { createCatalogue } from '../../server/src/merchants/index.ts'
import { createKnownNumbers, createPayments } from '../../server/src/payments/index.ts'
import { createHttpCarrier } from '../../server/src/rails/carrier/index.ts'
import { createPolicy } from '../../server/src/risk/index.ts'
import { answerLines } from './answer-lines.ts'

const [, , url = '', carrierUrl = '', aheadMs = '0'] = process.argv
let ahead = Number(aheadMs)
const clock = { now: () => Date.now() + ahead }
const log = { info: () => {}, warn: () => {}, error: () => {} }

const db = await openDatabase({ url, onFatal: () => process.exit(3) })
const ids = createIds()
await seedMerchants(db, ids, clock.now())
const catalogue = await createCatalogue(db, clock)
const policy = await createPolicy(db, clock)
const carrier = createHttpCarrier({
  baseUrl: carrierUrl,
  token: new Secret('kill'),
  timeoutMs: 1_000,
  now: clock.now,
})
const payments = createPayments({
  db,
  clock,
  ids,
  context: {
    time: createBusinessTime(),
    catalogue,
    policy: policy.current,
    isTestNumber: () => false,
  },
  carrierFor: () => carrier,
  refresh: () => Promise.all([catalogue.refresh(), policy.refresh()]),
  knowNumber: createKnownNumbers({ db, clock, carrier, log }),
  log,
})
payments.start()

const answerLagMs = 30

answerLines(
  {
    /** An order by API under the merchant's own number; the customer answers by text. */
    async order({ msisdn, orderId }) {
      const placed = await payments.order({
        msisdn: String(msisdn),
        merchantId: '6021',
        what: { product: '100' },
        channel: 'web',
        consent: 'reply',
        flow: 'charge',
        keys: [{ scope: 'kill', key: String(orderId), contentHash: String(msisdn) }],
        merchantOrderId: String(orderId),
      })
      if (!placed.ok) throw new Error(placed.refusal)
      const { id, sender } = placed.value.payment
      return { id, sender }
    },
    text: ({ msisdn, to, words, messageId }) =>
      payments.text({
        from: String(msisdn),
        to: String(to),
        reading: read(String(words)),
        receivedAt: clock.now(),
        gateway: 'kill',
        messageId: String(messageId),
      }),
    async refund({ msisdn, paymentId }) {
      const answer = await payments.refund({
        msisdn: String(msisdn),
        paymentId: String(paymentId),
        amount: 3_00n,
        reason: 'kill',
        keys: [{ scope: 'kill refund', key: String(paymentId), contentHash: 'a' }],
      })
      return answer.ok ? answer.value.id : answer.refusal
    },
    ping: async () => (await db.query('select 1')).length,
    advance({ ms }) {
      ahead += Number(ms)
      payments.kick()
      return ahead
    },
  },
  answerLagMs,
)
