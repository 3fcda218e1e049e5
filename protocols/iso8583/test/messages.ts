/** Messages for tests: arbitrary ones of any specification, and one that has everything in it. */
import fc from 'fast-check'
import type { Message, Value } from '../src/message.ts'
import type { Format } from '../src/spec/format.ts'
import type { MessageSpec } from '../src/spec/spec.ts'
import { iso87Ascii } from '../src/specs/iso87-ascii.ts'
import { iso87Bcd } from '../src/specs/iso87-bcd.ts'
import { unionPayHost } from '../src/specs/unionpay-host.ts'
import { unionPayPos } from '../src/specs/unionpay-pos.ts'

export const specs: readonly MessageSpec[] = [iso87Ascii, iso87Bcd, unionPayPos, unionPayHost]

const digits = '0123456789'
const letters = 'ABCXYZabcxyz'
const specials = '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~'
const characters: Record<Exclude<Format['content'], 'b'>, string> = {
  n: digits,
  z: `${digits}=`,
  'x+n': digits,
  a: `${letters} `,
  an: `${letters}${digits} `,
  as: `${letters}${specials} `,
  ns: `${digits}${specials} `,
  ans: `${letters}${digits}${specials} `,
}

/** Values as `decode` gives them: texts of a fixed length are full. */
function valueFor({ content, encoding, length }: Format): fc.Arbitrary<Value> {
  const most = 'fixed' in length ? length.fixed : length.max
  const least = 'fixed' in length ? most : 0
  if (content === 'b') return fc.uint8Array({ minLength: least, maxLength: most })
  const of = (from: number, to: number) =>
    fc.string({
      unit: fc.constantFrom(...characters[content]),
      minLength: from,
      maxLength: to,
    })
  if (content === 'x+n')
    return fc.tuple(fc.constantFrom('C', 'D'), of(least - 1, most - 1)).map((it) => it.join(''))
  if (encoding !== 'gbk') return of(least, most)
  // Chinese in front, two octets each; the rest of a fixed length is filled with ASCII.
  return fc
    .string({ unit: fc.constantFrom(...'营业厅充值一二三元￥，。'), maxLength: most >> 1 })
    .chain((chinese) =>
      of(Math.max(0, least - chinese.length * 2), most - chinese.length * 2).map(
        (rest) => chinese + rest,
      ),
    )
}

/** Any message of a specification, of up to ten fields. */
export function anyMessage(spec: MessageSpec): fc.Arbitrary<Message> {
  const numbers = Object.keys(spec.fields).map(Number)
  const told = spec.header.filter((part) => part.constant === undefined && !part.computed)
  return fc.record({
    header: fc.record(Object.fromEntries(told.map((part) => [part.name, valueFor(part)])), {
      noNullPrototype: true,
    }),
    mti: fc.string({ unit: fc.constantFrom(...digits), minLength: 4, maxLength: 4 }),
    fields: fc.uniqueArray(fc.constantFrom(...numbers), { maxLength: 10 }).chain((chosen) =>
      fc.record(
        Object.fromEntries(
          chosen.map((number) => {
            const field = spec.fields[number]
            if (field === undefined) throw new Error(`field ${number}`)
            return [number, valueFor(field)]
          }),
        ),
        { noNullPrototype: true },
      ),
    ),
  })
}

export const octets = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, 'hex'))
export const hexOf = (value: Uint8Array): string => Buffer.from(value).toString('hex').toUpperCase()

/** The value of a result that must be one. */
export function valueIn<Value>(
  result: { readonly ok: true; readonly value: Value } | { readonly ok: false; refusal: unknown },
): Value {
  if (!result.ok) throw new Error(JSON.stringify(result.refusal))
  return result.value
}

/** What was refused, or `accepted`. */
export const refusalIn = (
  result: { readonly ok: true } | { readonly ok: false; readonly refusal: unknown },
): unknown => (result.ok ? 'accepted' : result.refusal)

/** A header for each flavour that has one. */
export const headerFor = (spec: MessageSpec): Record<string, Value> =>
  spec === unionPayPos
    ? { tpdu_destination: '0006', tpdu_origin: '0000', application: '603100311003' }
    : spec === unionPayHost
      ? { destination: '00010000', source: '14427900' }
      : {}
