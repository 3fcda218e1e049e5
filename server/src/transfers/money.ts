/**
 * Which accounts a batch may move, known before it is decided, so that they are locked at once and in order.
 * More may be locked than is moved; never less.
 */
import {
  type AccountRef,
  accountsBetween,
  redPackets,
  unclaimedTransfers,
  userBalance,
  userHolds,
} from '../ledger/index.ts'
import type { Purse } from '../wallet/index.ts'
import type { Rows } from './book.ts'
import { isLive } from './book.ts'
import type { Command } from './command.ts'
import type { Arrival } from './transfer.ts'

type Known = Pick<Rows, 'transfer' | 'request' | 'mandate' | 'split' | 'share' | 'packet'>

export function moneyOf(
  commands: readonly Command[],
  purses: readonly Purse[],
  rows: Known,
): AccountRef[] {
  const accounts = new Map<string, AccountRef>()
  const add = (...refs: readonly AccountRef[]) => {
    for (const ref of refs) accounts.set(`${ref.bucket}/${ref.name}`, ref)
  }
  const byNumber = new Map(
    purses.flatMap((purse) => (isLive(purse) ? [[purse.msisdn, purse] as const] : [])),
  )
  const byId = new Map(purses.map((purse) => [purse.walletId, purse]))
  const balance = ({ bucket, walletId }: Purse) => userBalance(bucket, walletId)
  const into = (bucket: number, purse: Purse | undefined) => {
    if (purse) add(balance(purse), ...accountsBetween(bucket, purse.bucket))
  }
  function paying(from: string, to: string, arrival: Arrival = 'now') {
    const [payer, payee] = [byNumber.get(from), byNumber.get(to)]
    if (!payer) return
    add(balance(payer))
    if (!payee) add(unclaimedTransfers(payer.bucket))
    else if (arrival !== 'now') add(userHolds(payer.bucket, payer.walletId))
    else into(payer.bucket, payee)
  }
  const find = <Row extends { readonly id: string }>(list: readonly Row[], id: string) =>
    list.find((row) => row.id === id)

  for (const command of commands) {
    switch (command.kind) {
      case 'send':
        paying(command.order.msisdn, command.order.to, command.order.arrival)
        break
      case 'collect':
        paying(command.order.payer, command.order.msisdn)
        break
      case 'pay_request': {
        const request = find(rows.request, command.order.requestId)
        if (request) paying(request.payer, request.msisdn)
        break
      }
      case 'pay_share': {
        const split = find(rows.split, command.order.splitId)
        if (split) paying(command.order.msisdn, split.msisdn)
        break
      }
      case 'return_share': {
        const share = find(rows.share, command.shareId)
        if (share) paying(command.msisdn, share.msisdn)
        break
      }
      case 'draw': {
        const mandate = find(rows.mandate, command.order.mandateId)
        if (mandate) paying(mandate.msisdn, mandate.payee)
        break
      }
      case 'claim': {
        const purse = byNumber.get(command.msisdn)
        for (const { bucket } of rows.transfer.filter(({ payee }) => payee === command.msisdn)) {
          add(unclaimedTransfers(bucket))
          into(bucket, purse)
        }
        break
      }
      case 'send_packet': {
        const purse = byNumber.get(command.order.msisdn)
        if (purse) add(balance(purse), redPackets(purse.bucket))
        break
      }
      case 'open_packet': {
        const packet = find(rows.packet, command.packetId)
        if (packet) add(redPackets(packet.bucket))
        if (packet) into(packet.bucket, byNumber.get(command.msisdn))
        break
      }
      case 'cancel': {
        back(command.transferId)
        break
      }
      case 'due': {
        back(command.id)
        const mandate = find(rows.mandate, command.id)
        if (mandate) paying(mandate.msisdn, mandate.payee)
        const packet = find(rows.packet, command.id)
        const sender = byId.get(packet?.walletId ?? '')
        if (packet) add(redPackets(packet.bucket))
        if (sender) add(balance(sender))
        break
      }
      default:
        break
    }
  }
  return [...accounts.values()]

  /** A transfer that waits arrives or goes back. */
  function back(id: string) {
    const transfer = find(rows.transfer, id)
    const payer = byId.get(transfer?.walletId ?? '')
    if (!transfer || !payer) return
    add(balance(payer))
    if (transfer.state === 'waiting_claim') add(unclaimedTransfers(transfer.bucket))
    if (transfer.state !== 'delayed') return
    add(userHolds(payer.bucket, payer.walletId))
    into(payer.bucket, byId.get(transfer.payeeWalletId ?? ''))
  }
}
