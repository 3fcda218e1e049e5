/** Reads requests of the carrier protocol: ids of the path, and what a charge is. */
import type { FastifyRequest } from 'fastify'
import { type ChargeContent, msisdnOf } from './line.ts'

export type Ids = Readonly<Record<string, string>>
export type Fields = Readonly<Record<string, unknown>>

const chargeIdShape = /^CH\d{18}$/
const refundIdShape = /^[A-Za-z0-9_-]{1,64}$/
const amountShape = /^[1-9]\d{0,11}$/
const requestIdShape = /^[\x21-\x7e]{1,64}$/

export const requestIdOf = (request: FastifyRequest): string => {
  const given = request.headers['request-id']
  return typeof given === 'string' && requestIdShape.test(given) ? given : '-'
}

/** The ids of the path in the form in which they are stored; undefined when one is malformed. */
export function idsOf(request: FastifyRequest): Ids | undefined {
  const { msisdn, chargeId, refundId } = request.params as Partial<Record<string, string>>
  const number = msisdn === undefined ? undefined : msisdnOf(msisdn)
  if (msisdn !== undefined && number === undefined) return undefined
  if (chargeId !== undefined && !isChargeId(chargeId)) return undefined
  if (refundId !== undefined && !refundIdShape.test(refundId)) return undefined
  return {
    ...(number !== undefined && { msisdn: number }),
    ...(chargeId !== undefined && { chargeId }),
    ...(refundId !== undefined && { refundId }),
  }
}

export function readContent(body: Fields): ChargeContent | undefined {
  const msisdn = typeof body.msisdn === 'string' ? msisdnOf(body.msisdn) : undefined
  const amount = amountOf(body.amount)
  const { merchantId, goods, merchantName, description } = body
  if (msisdn === undefined || amount === undefined || body.currency !== 'CNY') return undefined
  if (typeof merchantId !== 'string' || !/^\d{4}$/.test(merchantId)) return undefined
  if (!isText(goods, 32) || !isText(merchantName, 64) || !isText(description, 128)) return undefined
  return { msisdn, amount, merchantId, goods, merchantName, description }
}

export const amountOf = (value: unknown): bigint | undefined =>
  typeof value === 'string' && amountShape.test(value) ? BigInt(value) : undefined

const isText = (value: unknown, max: number): value is string =>
  typeof value === 'string' && value.length > 0 && value.length <= max && !/\p{Cc}/u.test(value)

export const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export function readObject(text: string): unknown {
  if (text === '') return {}
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

export const isChargeId = (value: unknown): value is string =>
  typeof value === 'string' && chargeIdShape.test(value)
