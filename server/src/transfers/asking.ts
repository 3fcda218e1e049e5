/** The front door for asking: requests for money, and mandates to take it. */
import { bucketOf, bucketOfId } from '../kernel/index.ts'
import { refused } from './decide/checks.ts'
import { checkKey, checkTexts, compared, idFor, isId, type Lane, upTo, withKnown } from './lane.ts'
import { tables } from './store.ts'
import type { Transfers } from './transfers.ts'

type Asking = Pick<
  Transfers,
  | 'ask'
  | 'payRequest'
  | 'decline'
  | 'cancelRequest'
  | 'request'
  | 'requests'
  | 'give'
  | 'draw'
  | 'endMandate'
  | 'mandate'
  | 'mandates'
>

export function askingDoor(lane: Lane): Asking {
  const { db } = lane
  const request = async (id: string) =>
    isId(id) ? (await tables.request.byIds(db, [id]))[0] : undefined
  const mandate = async (id: string) =>
    isId(id) ? (await tables.mandate.byIds(db, [id]))[0] : undefined

  async function endRequest(msisdn: string, requestId: string, as: 'declined' | 'cancelled') {
    const found = await request(requestId)
    if (!found) return refused('not_found')
    const needs = { numbers: [found.payer, found.msisdn], rows: { request: [requestId] } }
    return lane.run({ kind: 'end_request', needs, msisdn, requestId, as })
  }

  return {
    async ask(order) {
      checkKey(order)
      checkTexts(order.memo)
      const { msisdn, from, key } = order
      const placed = { ...order, requestId: idFor(lane, msisdn) }
      const needs = { numbers: [msisdn, from], keys: { request: { msisdn, key } } }
      return withKnown(lane, from, () => lane.run({ kind: 'ask', needs, order: placed }))
    },
    async payRequest({ nameCharacter, ...order }) {
      checkKey(order)
      const found = await request(order.requestId)
      if (!found) return refused('not_found')
      const { msisdn, key } = order
      const said = await compared(lane, found.msisdn, nameCharacter)
      const needs = {
        numbers: [msisdn, found.msisdn],
        rows: { request: [found.id] },
        keys: { transfer: { msisdn, key } },
      }
      const placed = { ...order, said, transferId: idFor(lane, msisdn) }
      return lane.run({ kind: 'pay_request', needs, order: placed })
    },
    decline: ({ msisdn, requestId }) => endRequest(msisdn, requestId, 'declined'),
    cancelRequest: ({ msisdn, requestId }) => endRequest(msisdn, requestId, 'cancelled'),
    request,
    requests: (msisdn, page) =>
      tables.request.page(
        db,
        '(t.bucket = $1 and t.msisdn = $2 or t.payer = $2)',
        [bucketOf(msisdn), msisdn],
        upTo(page),
      ),

    async give({ nameCharacter, ...order }) {
      checkKey(order)
      checkTexts(order.memo)
      const { msisdn, to, key } = order
      const said = await compared(lane, to, nameCharacter)
      const placed = { ...order, said, mandateId: idFor(lane, msisdn) }
      const needs = { numbers: [msisdn, to], keys: { mandate: { msisdn, key } } }
      return lane.run({ kind: 'give', needs, order: placed })
    },
    async draw(order) {
      checkKey(order)
      const found = await mandate(order.mandateId)
      if (!found) return refused('not_found')
      const { msisdn: payer } = found
      const key = `mandate:${found.id}:${order.key}`
      const needs = {
        numbers: [payer, found.payee],
        rows: { mandate: [found.id] },
        keys: { transfer: { msisdn: payer, key } },
      }
      const placed = { ...order, payer, transferId: idFor(lane, payer) }
      return lane.run({ kind: 'draw', needs, order: placed })
    },
    async endMandate({ msisdn, mandateId }) {
      const found = await mandate(mandateId)
      if (!found) return refused('not_found')
      const needs = { numbers: [found.msisdn, found.payee], rows: { mandate: [mandateId] } }
      return lane.run({ kind: 'end_mandate', needs, msisdn, mandateId })
    },
    mandate,
    mandates: async (walletId, page) =>
      isId(walletId)
        ? tables.mandate.page(
            db,
            '(t.bucket = $1 and t.wallet_id = $2 or t.payee_wallet_id = $2)',
            [bucketOfId(walletId), walletId],
            upTo(page),
          )
        : [],
  }
}
