/** Fields of the app's API. */
import { z } from 'zod'
import { fields } from '../http/index.ts'

export const { iso, isoOrNull, line, number, positiveAmount, sixDigits, uuid, words } = fields

export const pin = z.string().regex(/^\d{4,12}$/, 'must be 4 to 12 digits')

/** `id` is that of the options it answers, `response` what the browser made of them, as JSON. */
export const passkeyAnswer = z.strictObject({
  id: z.string().max(100).describe('Of the options that it answers'),
  response: z.looseObject({}).describe('What the browser made of it, as JSON'),
})

const passkey = passkeyAnswer
  .optional()
  .describe(
    'In place of the PIN: the answer to `POST /consumer/passkeys/proof-options` for this very request',
  )

/** The owner's word: his PIN, or a signature by a passkey of his. */
export interface Proof {
  readonly pin?: string | undefined
  readonly passkey?: z.infer<typeof passkeyAnswer> | undefined
}

const isOne = ({ pin, passkey }: Proof) => (pin === undefined) !== (passkey === undefined)

export const isAtMostOne = ({ pin, passkey }: Proof) => pin === undefined || passkey === undefined

export const oneProof = { path: ['pin'], message: 'must be there, or `passkey` in its place' }

/** For routes that tell themselves when a proof is needed. */
export const mayProve = (pinField: z.ZodString) => ({ pin: pinField.optional(), passkey })

/** A body with the PIN or a passkey in its place. */
export const proven = <Shape extends z.core.$ZodLooseShape>(shape: Shape, pinField = pin) =>
  z
    .strictObject({ ...shape, ...mayProve(pinField) })
    .refine((body) => isOne(body as Proof), oneProof)

/** The same key on every retry is one effect and the same answer. */
export const key = uuid.describe('A UUID of the app, the same on every retry of one request')

export const language = z.enum(['zh', 'en'])

const described = (summary: string) => ({ tags: ['App'], summary })

/** For whoever is signed in. */
export const own = (summary: string) => ({
  ...described(summary),
  security: [{ consumerSession: [] }],
})

/** For whoever is about to be. */
export const open = (summary: string) => ({ ...described(summary), security: [] })
