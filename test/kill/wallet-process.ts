/**
 * The platform of the kill loop: payments as `serve` composes them and the ledger beside them, on
 * PostgreSQL or PGlite and a carrier over HTTP, fed by lines on standard input. Its clock can be put
 * forward, so that leases and questions to the carrier need not be waited for.
 */
import { join } from 'node:path'
import { read } from '../../server/src/channels/sms/index.ts'
import { purses } from '../../server/src/composition/purses.ts'
import { migrate, openDatabase } from '../../server/src/db/index.ts'
import { seedMerchants } from '../../server/src/demo/seed.ts'
import { createBusinessTime, createIds, Secret } from '../../server/src/kernel/index.ts'
import { accountFlags, executeTransfers } from '../../server/src/ledger/index.ts'
import { createCatalogue } from '../../server/src/merchants/index.ts'
import { createKnownNumbers, createPayments } from '../../server/src/payments/index.ts'
import { createHttpCarrier } from '../../server/src/rails/carrier/index.ts'
import { createPolicy } from '../../server/src/risk/index.ts'
import { answerLines } from './answer-lines.ts'
import { bucketOfWriter, transferIdOf, transfersEach } from './numbers.ts'
import { hasBanks, openPurseDesk } from './purse-desk.ts'

const [, , database = '', carrierUrl = '', aheadMs = '0', bankFolder = ''] = process.argv
let ahead = Number(aheadMs)
const clock = { now: () => Date.now() + ahead }
const fieldKey = new Secret('a field key of the kill loop, 32 characters')
const log = { info: () => {}, warn: () => {}, error: () => {} }

const place = database.startsWith('postgres:') ? { url: database } : { dataDir: database }
const db = await openDatabase({ ...place, onFatal: () => process.exit(3) })
await migrate(db, join(import.meta.dirname, '../../server/migrations'))
const ids = createIds()
await seedMerchants(db, ids, clock.now())
const catalogue = await createCatalogue(db, clock)
const policy = await createPolicy(db, clock)
const time = createBusinessTime()
const carrier = createHttpCarrier({
  baseUrl: carrierUrl,
  token: new Secret('kill'),
  timeoutMs: 5_000,
  now: clock.now,
})
const knowNumber = createKnownNumbers({ db, clock, carrier, release: async () => {}, log })
const desk = hasBanks(bankFolder)
  ? await openPurseDesk(bankFolder, {
      ...{ db, clock, ids, time, log, policy, knowNumber, fieldKey },
      payment: (id) => payments.get(id),
      payments: () => payments,
    })
  : undefined
const payments = createPayments({
  db,
  clock,
  ids,
  context: {
    ...{ time, catalogue, policy: policy.current },
    isTestNumber: () => false,
    isTold: () => true,
    purses,
  },
  fundingFor: (payment) =>
    desk && payment.source === 'card' ? desk.cards.funding(payment) : carrier,
  refresh: () => Promise.all([catalogue.refresh(), policy.refresh()]),
  knowNumber,
  log,
})
payments.start()
await desk?.start()

const answerLagMs = 30
/** The shop with open amounts, in the smallest: its daily cap is then no hindrance. */
const shop = '6022'
const price = 10n

const account = (name: string, bucket: number) => ({ bucket, name, flags: accountFlags.none })

/** A list of a writer: always the same transfers for the same beginning. */
async function postTransfers(writer: number, from: number): Promise<number> {
  const bucket = bucketOfWriter(writer)
  const now = clock.now()
  const commands = Array.from({ length: transfersEach }, (_, i) => ({
    kind: 'transfer' as const,
    id: transferIdOf(writer, from + i),
    bucket,
    debit: account(`kill-source:${writer}`, bucket),
    credit: account(`kill-sink:${writer}`, bucket),
    amount: 1n,
    subject: 'kill',
    reason: 'kill',
    businessDate: time.dateOf(now),
  }))
  const results = await db.transact((tx) => executeTransfers(tx, commands, now))
  const refused = results.find((result) => !result.ok)
  if (refused) throw new Error(JSON.stringify(refused))
  return results.length
}

answerLines(
  {
    /** An order by API under the merchant's own number; the customer answers by text. */
    async order({ msisdn, orderId }) {
      const placed = await payments.order({
        msisdn: String(msisdn),
        merchantId: shop,
        what: { amount: price },
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
    /** Said again after a kill it may find its own work done: what the payment is decides. */
    async deliver({ msisdn, paymentId }) {
      const id = String(paymentId)
      const said = { paymentId: id, msisdn: String(msisdn), result: 'delivered' } as const
      if ((await payments.delivery(said)).ok) return id
      const payment = await payments.get(id)
      return payment?.state === 'delivered' ? id : 'not_yet'
    },
    async refund({ msisdn, paymentId }) {
      const answer = await payments.refund({
        msisdn: String(msisdn),
        paymentId: String(paymentId),
        amount: price / 2n,
        reason: 'kill',
        keys: [{ scope: 'kill refund', key: String(paymentId), contentHash: 'a' }],
      })
      if (answer.ok) return answer.value.id
      if (answer.refusal !== 'not_paid') throw new Error(answer.refusal)
      return 'not_yet'
    },
    ...desk?.answers,
    transfers: ({ writer, from }) => postTransfers(Number(writer), Number(from)),
    query: ({ text, values }) => db.query(String(text), values as readonly unknown[]),
    ping: async () => (await db.query('select 1')).length,
    advance({ ms }) {
      ahead += Number(ms)
      payments.kick()
      desk?.kick()
      return ahead
    },
  },
  answerLagMs,
)
