/**
 * Which answer belongs to which request: the pair of message types, trace number (11), transmission time (7),
 * acquirer (32) and forwarder (33), all together. What differs in any of them is somebody else's.
 */
import { type OutgoingMessage, textOf } from '@telepurse/iso8583'
import type { Exchange } from '../../bank-cards/index.ts'

/** `0200` is answered by `0210`, `0421` by `0430`. */
export const responseMtiOf = (mti: string): string => `${mti.slice(0, 2)}${Number(mti[2]) + 1}0`

/** A request or an advice has an even third digit. */
export const isRequest = ({ mti }: OutgoingMessage): boolean => Number(mti[2]) % 2 === 0

/** 08xx: sign-on, keys, echo and cut-over carry no code. */
export const isManagement = ({ mti }: OutgoingMessage): boolean => mti[1] === '8'

/** The key under which the answer to this request is awaited. */
export const awaitedKeyOf = (request: OutgoingMessage): string =>
  keyOf(request, responseMtiOf(request.mti))

export const keyOf = (message: OutgoingMessage, mti: string = message.mti): string =>
  [mti, ...[11, 7, 32, 33].map((field) => textOf(message, field) ?? '')].join('|')

export const exchangeOf = (message: OutgoingMessage): Exchange => ({
  stan: Number(textOf(message, 11) ?? 0),
  transmittedAt: textOf(message, 7) ?? '',
  acquirer: textOf(message, 32) ?? '',
  forwarder: textOf(message, 33) ?? '',
})

export const identityFields = (exchange: Exchange): Record<number, string> => ({
  7: exchange.transmittedAt,
  11: String(exchange.stan).padStart(6, '0'),
  32: exchange.acquirer,
  33: exchange.forwarder,
})
