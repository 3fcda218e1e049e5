/** Fields that many requests of the counter share. */
import { z } from 'zod'
import { fields } from '../http/index.ts'

export const { amount, iso, isoOrNull, line, number, positiveAmount, sixDigits, uuid, words } =
  fields

/** As the document says that lies on the desk; compared with the register, and kept nowhere. */
export const owner = z
  .strictObject({
    name: line(60),
    documentNumber: z
      .string()
      .regex(/^[0-9A-Za-z]{1,20}$/, 'must be the number of an identity card'),
  })
  .describe('What the identity card on the desk says')

export const cardNumber = z.string().regex(/^\d{12,19}$/, 'must be 12 to 19 digits')

export const card = z.strictObject({
  number: cardNumber,
  expiry: z
    .string()
    .regex(/^\d{2}(0[1-9]|1[0-2])$/, 'must be YYMM')
    .nullable()
    .default(null),
})

/** Typed by the customer on the PIN pad; kept nowhere. */
export const cardPin = z.string().regex(/^\d{4,12}$/, 'must be 4 to 12 digits')
/** The three digits on the back; sent to the bank once, kept nowhere. */
export const securityCode = z.string().regex(/^\d{3}$/, 'must be three digits')
export const walletPin = sixDigits

export const reason = line(200).describe('Why: the second person reads it, and the log keeps it')

/** What the customer signed, and the line of the pen as the path of an SVG of 220 by 80. */
export const agreement = z.strictObject({
  version: z.string().regex(/^\d{4}-\d{2}$/, 'must be a version like 2026-09'),
  signature: z
    .string()
    .max(8_000)
    .regex(/^[MLCQSTHVZmlcqsthvz0-9 .,-]+$/, 'must be the path of an SVG')
    .nullable()
    .default(null),
})

/** Pieces by their worth in fen: `{ "10000": 32, "100": 60 }`. */
export const counts = z
  .partialRecord(
    z.enum(['10000', '5000', '2000', '1000', '500', '100', '50', '10']),
    z.int().min(0).max(100_000),
  )
  .describe('How many of each note and coin, by its worth in fen')

export const approvalId = uuid

/** Every act bears a key of the client's own: the same key is the same act, also after a lost answer. */
export const keyed = z.looseObject({
  'idempotency-key': z.string().regex(/^[\w.:-]{8,64}$/, 'must be 8 to 64 letters, digits or _.:-'),
})

/** All of it is under one heading of the API's description. */
export const described = (summary: string) => ({
  tags: ['Counter'],
  security: [{ counterSession: [] }],
  summary,
})
