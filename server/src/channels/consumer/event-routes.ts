/** A stream for as long as the app is open: the balance, and what is newest, whenever one has changed. */
import type { FastifyInstance } from 'fastify'
import { bucketOf, bucketOfId } from '../../kernel/index.ts'
import { userBalance, watchAccount } from '../../ledger/index.ts'
import type { Session } from '../../sign-ins/index.ts'
import { foreignUntil } from '../../subscribers/index.ts'
import { follow, type SessionCookie } from '../http/index.ts'
import { type ConsumerDesk, sessionOf } from './desk.ts'
import { own } from './fields.ts'
import { ownPayments } from './payment-view.ts'
import { stateOf } from './views.ts'

/** So many of the newest may still change. */
const followed = 10

export function eventRoutes(app: FastifyInstance, desk: ConsumerDesk, cookie: SessionCookie): void {
  const { db, wallet, payments, transfers, signIns, clock } = desk
  app.get(
    '/consumer/events',
    {
      config: { admission: 'stream' },
      schema: own(
        'Events `balance`, `line`, `payments` and `people`, each when something has changed (text/event-stream)',
      ),
    },
    async (request, reply) => {
      const session = sessionOf(request)
      const { msisdn } = session
      const token = cookie.read(request)
      const bucket = bucketOf(msisdn)
      const [balance, foreign] = await Promise.all([
        wallet.balance(msisdn),
        foreignUntil(db, msisdn),
      ])
      const account = balance?.account
      follow(request, reply, {
        lookEveryMs: 1_500,
        quietMs: 50,
        // Who signs out, or is signed out, hears no more.
        read: async () =>
          token && (await signIns.sessionOf(token)) ? newsOf(desk, session, foreign) : null,
        stamped: (text) =>
          text.replace('"asOf":null', `"asOf":"${new Date(clock.now()).toISOString()}"`),
        // Who opens a wallet meanwhile is found by looking.
        subscribe(changed) {
          const name = account && userBalance(bucket, account.id).name
          const stops = [
            name === undefined ? () => {} : watchAccount(db, name, changed),
            // All rows of a number are in its bucket: of other people's changes few are worth a look.
            wallet.onChange((id) => bucketOfId(id) === bucket && changed()),
            payments.onChange((id) => bucketOfId(id) === bucket && changed()),
            transfers.onChange((changedOf) => changedOf === msisdn && changed()),
          ]
          return () => {
            for (const stop of stops) stop()
          }
        },
      })
    },
  )
}

/** A session ends with its number's owner, so what was somebody else's is the same for all of its life. */
async function newsOf(
  desk: ConsumerDesk,
  session: Session,
  foreign: number,
): Promise<Record<string, string>> {
  const { msisdn } = session
  const [state, payments] = await Promise.all([stateOf(desk, msisdn), paymentsOf(desk, session)])
  const whose = { msisdn, walletId: state?.walletId, foreignUntil: foreign }
  const others = desk.transfers.news(whose, followed)
  if (!state) return { payments, people: JSON.stringify(await others) }
  const { walletId, balance } = state
  const [people, movements, between] = await Promise.all([
    others,
    desk.wallet.movements({ walletId, limit: followed }),
    desk.transfers.list(walletId, { limit: followed }),
  ])
  const newest = [...movements, ...between].map(({ id, state: at }) => ({ id, state: at }))
  return {
    balance: JSON.stringify({ ...balance, asOf: null }),
    line: JSON.stringify(newest),
    payments,
    people: JSON.stringify(people),
  }
}

/** The newest payments, whatever pays them, and which of them ask for the PIN here. */
async function paymentsOf(desk: ConsumerDesk, session: Session): Promise<string> {
  const { msisdn } = session
  const [isOwn, { items }] = await Promise.all([
    ownPayments(desk, session),
    desk.payments.list({ msisdn, order: 'desc', offset: 0, limit: followed }),
  ])
  return JSON.stringify(
    items.filter(isOwn).map(({ id, state, consent }) => {
      const isAsked = state === 'awaiting_confirm' && consent === 'app'
      return { id, state, isAsked }
    }),
  )
}
