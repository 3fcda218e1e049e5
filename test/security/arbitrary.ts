/** Values from JSON schemas: those that fit, and those that are meant to hurt. */
import fc, { type Arbitrary } from 'fast-check'
import type { Schema } from './routes.ts'

const formats: Readonly<Record<string, Arbitrary<unknown>>> = {
  uuid: fc.uuid(),
  'date-time': fc
    .date({ min: new Date('2020-01-01'), max: new Date('2030-01-01'), noInvalidDate: true })
    .map((date) => date.toISOString()),
  date: fc
    .date({ min: new Date('2020-01-01'), max: new Date('2030-01-01'), noInvalidDate: true })
    .map((date) => date.toISOString().slice(0, 10)),
  uri: fc.constantFrom('https://shop.example/hook', 'https://shop.example/back?x=1'),
}

/** Names that carry a phone number say so only in words, and any other text would stop there. */
const byName: Readonly<Record<string, Arbitrary<unknown>>> = {
  msisdn: fc.constantFrom('13900010001', '+8613900010009', '13800138000'),
  phoneNumber: fc.constant('+8613900000001'),
  url: fc.constant('https://shop.example/hook'),
  product: fc.constantFrom('100', '300'),
}

/** A value that the schema lets pass, as far as the schema alone tells. */
export function fitting(schema: Schema, name = ''): Arbitrary<unknown> {
  const known = byName[name]
  if (known) return known
  if ('const' in schema) return fc.constant(schema.const)
  if (Array.isArray(schema.enum)) return fc.constantFrom(...(schema.enum as unknown[]))
  for (const word of ['anyOf', 'oneOf'] as const)
    if (Array.isArray(schema[word]))
      return fc.oneof(...(schema[word] as Schema[]).map((one) => fitting(one, name)))
  const [type = schema.type] = [schema.type].flat()
  if (type === 'object') return object(schema)
  if (type === 'array') return fc.array(fitting((schema.items ?? {}) as Schema), { maxLength: 3 })
  if (type === 'boolean') return fc.boolean()
  if (type === 'null') return fc.constant(null)
  if (type === 'integer' || type === 'number') {
    const { minimum = 0, maximum = 1_000 } = schema as { minimum?: number; maximum?: number }
    return fc.integer({ min: Math.ceil(minimum), max: Math.floor(Math.min(maximum, 2 ** 31 - 1)) })
  }
  return type === 'string' ? text(schema) : fc.constant(null)
}

function object(schema: Schema): Arbitrary<unknown> {
  const properties = (schema.properties ?? {}) as Readonly<Record<string, Schema>>
  const entries = Object.entries(properties).map(([name, one]) => [name, fitting(one, name)])
  const requiredKeys = (schema.required ?? []) as string[]
  return fc.record(Object.fromEntries(entries) as Record<string, Arbitrary<unknown>>, {
    requiredKeys,
    noNullPrototype: true,
  })
}

function text(schema: Schema): Arbitrary<string> {
  const {
    minLength = 1,
    maxLength = 24,
    pattern,
    format,
  } = schema as {
    minLength?: number
    maxLength?: number
    pattern?: string
    format?: string
  }
  const known = format === undefined ? undefined : formats[format]
  if (known) return known as Arbitrary<string>
  // Not all of the language of patterns can be run backwards; a fixed word then stands for it.
  if (pattern !== undefined && /^\^[\w[\]\\{},?*+. -]*\$$/.test(pattern))
    return fc.stringMatching(new RegExp(pattern))
  return fc.string({
    unit: fc.constantFrom(...'abcXYZ019-. 中'),
    minLength: Math.max(minLength, 1),
    maxLength: Math.min(Math.max(maxLength, minLength), 40),
  })
}

const deep = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`

/** Values that have broken other programs: for any field of any body. */
export const hostile: Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(
    ...['0', '-0', '-1', '0.001', '1e400', '1e3', 'NaN', 'Infinity', '１００', '٣', '0x10', ' 1 '],
    ...['9223372036854775808', '9'.repeat(12), '9'.repeat(400), '00', '+1', '1,00', '1_0'],
    ...[-1, -0, 0.1, 1e308, 2 ** 53, 2 ** 63, 1.0000000001, true, null],
    ...[
      '\u0000',
      'a\u0000b',
      '\ud800',
      '\udc00x',
      '\u202e',
      '\ufeff',
      '\u2028',
      '\r\nSet-Cookie: a=b',
    ],
    ...[
      '../../etc/passwd',
      '%2e%2e%2f',
      "' or 1=1 --",
      '$' + '{7*7}',
      '{{7*7}}',
      '<script>alert(1)</script>',
    ],
    ...['=cmd|calc', '__proto__', 'constructor', 'x'.repeat(5_000), '中'.repeat(2_000), ''],
    ...[[], {}, [[]], [null], { toString: 1 }, { length: -1 }],
  ),
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.jsonValue({ maxDepth: 3 }),
)

/** A body that nearly fits: some members are replaced, left out, or one too many. */
export const almost = (schema: Schema): Arbitrary<unknown> =>
  fc
    .tuple(
      fitting(schema),
      fc.array(fc.tuple(fc.nat(), hostile), { minLength: 1, maxLength: 2 }),
      fc.constantFrom('replace', 'remove', 'add'),
    )
    .map(([value, wrongs, how]) =>
      wrongs.reduce<unknown>((body, wrong) => spoil(body, wrong, how), value),
    )

function spoil(value: unknown, [at, wrong]: readonly [number, unknown], how: string): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return wrong
  const names = Object.keys(value)
  const name = names[at % Math.max(1, names.length)]
  if (how === 'add' || name === undefined) return { ...value, [`x${at % 7}`]: wrong }
  const { [name]: inner, ...rest } = value as Record<string, unknown>
  if (how === 'remove') return rest
  // Half of the time deeper, where there is a deeper.
  const isNested = typeof inner === 'object' && inner !== null && at % 2 === 0
  return { ...rest, [name]: isNested ? spoil(inner, [at >> 1, wrong], how) : wrong }
}

/** Texts sent as JSON that are none, or that JSON allows and nobody should send. */
export const rawBodies: Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    ...[
      '',
      '{',
      '[',
      '"',
      'null',
      '0',
      '-0',
      '1e400',
      '[1e400]',
      '{"a":1,"a":2}',
      '\u0000',
      '\ufeff{}',
    ],
    ...[
      '{"__proto__":{"x":1}}',
      '{"constructor":{"prototype":{"x":1}}}',
      '{"amount":01}',
      "{'a':1}",
    ],
    deep(1_000),
    deep(30_000),
    `{"amount":${'9'.repeat(10_000)}}`,
    `"${'\\u0000'.repeat(100)}"`,
    `{"amount":"100","amount":"1","orderId":"x","orderId":"y"}`,
  ),
  fc.string({ unit: 'binary', maxLength: 200 }),
)
