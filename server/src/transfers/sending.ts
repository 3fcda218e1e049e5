/** The front door for sending: whom it goes to, the transfer itself, and its cancelling. */
import { readPurses } from '../wallet/index.ts'
import { refused } from './decide/checks.ts'
import { checkKey, checkTexts, compared, idFor, isId, type Lane, upTo, withKnown } from './lane.ts'
import { contactsOf, tables, transfersOfWallet } from './store.ts'
import type { Transfers } from './transfers.ts'

type Sending = Pick<Transfers, 'payee' | 'send' | 'cancel' | 'get' | 'list'>

export function sendingDoor(lane: Lane): Sending {
  const { db, names } = lane
  const get = async (id: string) =>
    isId(id) ? (await tables.transfer.byIds(db, [id]))[0] : undefined
  return {
    async payee(msisdn, payer) {
      const numbers = payer === undefined ? [msisdn] : [msisdn, payer]
      const [purses, owner] = await Promise.all([readPurses(db, { numbers }), names.of(db, msisdn)])
      const [to, by] = [msisdn, payer].map((one) => purses.find((purse) => purse.msisdn === one))
      const pairs = to && by ? [{ walletId: by.walletId, payeeWalletId: to.walletId }] : []
      const [contact] = await contactsOf(db, pairs)
      const isKnown = contact !== undefined && contact.knownAt !== null
      return { hasWallet: to !== undefined, maskedName: owner?.maskedName ?? null, isKnown }
    },
    async send({ nameCharacter, ...order }) {
      checkKey(order)
      checkTexts(order.memo)
      const { msisdn, to, key } = order
      const said = await compared(lane, to, nameCharacter)
      const placed = { said, transferId: idFor(lane, msisdn), ...order }
      const needs = { numbers: [msisdn, to], keys: { transfer: { msisdn, key } } }
      return withKnown(lane, to, () => lane.run({ kind: 'send', needs, order: placed }))
    },
    async cancel({ msisdn, transferId }) {
      const found = await get(transferId)
      if (found?.msisdn !== msisdn) return refused('not_found')
      const needs = {
        numbers: [found.msisdn, found.payee],
        walletIds: [found.walletId, found.payeeWalletId].filter((id) => id !== null),
        rows: { transfer: [transferId] },
      }
      return lane.run({ kind: 'cancel', needs, msisdn, transferId })
    },
    get,
    list: async (walletId, page) =>
      isId(walletId) ? transfersOfWallet(db, walletId, upTo(page)) : [],
  }
}
