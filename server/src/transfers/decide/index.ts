/** One command against the open book. */
import type { Amount } from '../../kernel/index.ts'
import type { Book } from '../book.ts'
import type { Command, CommandResult, DueResult, PlacedSend } from '../command.ts'
import type { Noun } from '../topics.ts'
import { collect } from './collect.ts'
import { cancel, claim, transferDue } from './end.ts'
import { draw, endMandate, give, mandateDue } from './mandate.ts'
import { openPacket, packetDue, sendPacket } from './packet.ts'
import { pay } from './pay.ts'
import { ask, endRequest, payRequest, requestDue } from './request.ts'
import { declineShare, payShare, returnShare } from './share.ts'
import { beginSplit, remind, splitDue, stop } from './split.ts'

export function decide(book: Book, command: Command): CommandResult {
  switch (command.kind) {
    case 'send':
      return send(book, command.order)
    case 'cancel':
      return cancel(book, command)
    case 'claim':
      return claim(book, command.msisdn)
    case 'due':
      return due[command.noun](book, command.id, command.kept)
    case 'ask':
      return ask(book, command.order)
    case 'collect':
      return collect(book, command.order)
    case 'pay_request':
      return payRequest(book, command.order)
    case 'end_request':
      return endRequest(book, command)
    case 'give':
      return give(book, command.order)
    case 'draw':
      return draw(book, command.order)
    case 'end_mandate':
      return endMandate(book, command)
    case 'begin_split':
      return beginSplit(book, command.order)
    case 'pay_share':
      return payShare(book, command.order)
    case 'remind':
      return remind(book, command)
    case 'stop':
      return stop(book, command)
    case 'decline_share':
      return declineShare(book, command)
    case 'return_share':
      return returnShare(book, command)
    case 'send_packet':
      return sendPacket(book, command.order)
    case 'open_packet':
      return openPacket(book, command)
  }
}

/** Field by field: this is done for every transfer, and a copy of the rest costs more than the fields. */
const send = (book: Book, order: PlacedSend) =>
  pay(book, {
    id: order.transferId,
    msisdn: order.msisdn,
    payee: order.to,
    amount: order.amount,
    memo: order.memo ?? '',
    arrival: order.arrival,
    origin: 'send',
    originId: null,
    codeProof: null,
    channel: order.channel,
    key: order.key,
    said: order.said,
  })

type Due = (book: Book, id: string, kept: Amount | null) => DueResult

const due: Readonly<Record<Noun, Due>> = {
  transfer: transferDue,
  request: requestDue,
  mandate: mandateDue,
  split: splitDue,
  packet: packetDue,
}
