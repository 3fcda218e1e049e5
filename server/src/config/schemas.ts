/** Readers of texts that several settings share. A refusal says what the text should be. */
import { z } from 'zod'
import { Secret } from '../kernel/index.ts'

export const wholeNumber = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, `must be a whole number from ${min} to ${max}`)
    .transform(Number)
    .refine((value) => value >= min && value <= max, `must be from ${min} to ${max}`)

export const yesOrNo = z
  .enum(['yes', 'no'], 'must be yes or no')
  .transform((value) => value === 'yes')

/** Items parted by commas; spaces around them do not count. */
export const listOf = <Item>(item: z.ZodType<Item, string>) =>
  z
    .string()
    .transform((text) =>
      text
        .split(',')
        .map((part) => part.trim())
        .filter((part) => part !== ''),
    )
    .pipe(z.array(item))

const hasPort = /:([1-9]\d{0,4})$/

export const hostAndPort = z
  .string()
  .refine(
    (text) => hasPort.test(text) && Number(hasPort.exec(text)?.[1]) <= 65_535,
    'must be host:port, for example 127.0.0.1:9000',
  )

const secretMin = 32

export const token = z
  .string()
  .min(secretMin, `must have at least ${secretMin} characters: make one with openssl rand -hex 32`)
  .regex(/^[\x21-\x7e]*$/, 'must be printable ASCII without spaces')
  .transform((text) => new Secret(text))

/** The URL, or undefined where the text is none of these kinds of URL. */
export function urlOf(text: string, ...protocols: readonly string[]): URL | undefined {
  if (!URL.canParse(text)) return undefined
  const url = new URL(text)
  return protocols.includes(url.protocol) && url.hostname !== '' ? url : undefined
}
