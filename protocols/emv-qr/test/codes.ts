/** Codes of any content that the specification allows, and the small tools of these tests. */
import fc from 'fast-check'
import type { BerObject, ConsumerData, MerchantCode } from '../src/index.ts'
import { crcOf } from '../src/merchant/crc.ts'

/** The value of a result that must be one. */
export function valueIn<Value>(
  result: { readonly ok: true; readonly value: Value } | { readonly ok: false; refusal: unknown },
): Value {
  if (!result.ok) throw new Error(JSON.stringify(result.refusal))
  return result.value
}

/** Code and place of what was refused, or `accepted`. */
export const refusalIn = (
  result:
    | { readonly ok: true }
    | { readonly ok: false; readonly refusal: { readonly code: string; readonly at: number } },
): string => (result.ok ? 'accepted' : `${result.refusal.code} at ${result.refusal.at}`)

/** A data object, its length counted in characters. */
export const object = (id: string, value: string) =>
  `${id}${String(Array.from(value).length).padStart(2, '0')}${value}`

/** The data objects of a code with the right checksum behind them. */
export const sealed = (body: string) => `${body}6304${crcOf(`${body}6304`)}`

const ans = (maxLength: number) => fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength })
const unicode = (maxLength: number) => fc.string({ unit: 'binary', minLength: 1, maxLength })
const twoDigits = (from: number, to: number) =>
  fc.integer({ min: from, max: to }).map((it) => String(it).padStart(2, '0'))

const ascending = <It extends { readonly id: string }>(one: fc.Arbitrary<It>, maxLength: number) =>
  fc
    .uniqueArray(one, { selector: ({ id }) => id, minLength: 1, maxLength })
    .map((all) => all.toSorted((a, b) => (a.id < b.id ? -1 : 1)))

const anyTemplate = (id: fc.Arbitrary<string>) =>
  fc.record({
    id,
    objects: fc
      .tuple(ans(16), ascending(fc.record({ id: twoDigits(1, 99), value: unicode(8) }), 2))
      .map(([value, others]) => [{ id: '00', value }, ...others]),
  })

const reserved = (from: number, to: number) =>
  ascending(fc.record({ id: twoDigits(from, to), value: unicode(8) }), 2)

const optionally = <Model>(model: { [Key in keyof Model]: fc.Arbitrary<Model[Key]> }) =>
  fc.record(model, { requiredKeys: [], noNullPrototype: true })

const anyAmount = fc
  .tuple(fc.bigInt({ min: 1n, max: 9_999_999_999n }), fc.constantFrom('', '.', '.5', '.05'))
  .map(([whole, rest]) => `${whole}${rest}`)

const anyTip: fc.Arbitrary<NonNullable<MerchantCode['tip']>> = fc.oneof(
  fc.constant({ kind: 'asked' } as const),
  anyAmount.map((fee) => ({ kind: 'fixed', fee }) as const),
  fc
    .constantFrom('0.01', '5', '12.', '99.99', '00.5')
    .map((percentage) => ({ kind: 'percentage', percentage }) as const),
)

const anyAdditional = fc
  .tuple(
    fc.record({ storeLabel: ans(8) }, { noNullPrototype: true }),
    optionally({
      billNumber: fc.oneof(ans(8), fc.constant('***')),
      mobileNumber: ans(8),
      referenceLabel: ans(8),
      dataRequest: fc.constantFrom('A', 'ME', 'EMA'),
      merchantTaxId: ans(8),
      reserved: reserved(12, 49),
      templates: fc.array(anyTemplate(fc.constant('50')), { minLength: 1, maxLength: 1 }),
    }),
  )
  .map(([one, more]) => ({ ...one, ...more }))

const anyLocalName = fc
  .tuple(
    fc.record(
      { language: fc.constantFrom('ZH', 'en'), name: unicode(25) },
      { noNullPrototype: true },
    ),
    optionally({ city: unicode(15), reserved: reserved(3, 99) }),
  )
  .map(([one, more]) => ({ ...one, ...more }))

/** Some are longer than a code may be, or than a template has room for. */
export const anyMerchantCode: fc.Arbitrary<MerchantCode> = fc
  .tuple(
    fc.record(
      {
        accounts: ascending(
          fc.oneof(
            fc.record({ id: twoDigits(2, 25), value: ans(20) }),
            anyTemplate(twoDigits(26, 51)),
          ),
          2,
        ),
        categoryCode: fc.stringMatching(/^[0-9]{4}$/),
        currency: fc.constantFrom('156', '840', '986', '123'),
        country: fc.constantFrom('CN', 'KH'),
        name: ans(25),
        city: ans(15),
      },
      { noNullPrototype: true },
    ),
    optionally({
      initiation: fc.constantFrom('static' as const, 'dynamic' as const),
      amount: anyAmount,
      tip: anyTip,
      postalCode: ans(10),
      additional: anyAdditional,
      localName: anyLocalName,
      reserved: reserved(65, 79),
      templates: ascending(anyTemplate(twoDigits(80, 99)), 2),
    }),
  )
  .map(([one, more]) => ({ ...one, ...more }))

const octets = (minLength: number, maxLength: number) => fc.uint8Array({ minLength, maxLength })

const anyOther: fc.Arbitrary<BerObject> = fc.oneof(
  fc.record({ tag: fc.constantFrom('82', '9F26', '9F8101', '5F34'), value: octets(1, 200) }),
  fc.record({
    tag: fc.constantFrom('63', '64'),
    value: fc.array(fc.record({ tag: fc.constantFrom('9F10', 'C1', '5A'), value: octets(1, 9) }), {
      minLength: 1,
      maxLength: 3,
    }),
  }),
)

const others = fc.array(anyOther, { minLength: 1, maxLength: 3 })

const known = {
  label: ans(16),
  track2: fc.stringMatching(/^[0-9]{8,19}=[0-9]{7,18}$/),
  pan: fc.stringMatching(/^[0-9]{8,19}$/),
  cardholderName: ans(20).map((it) => `${it}/EMV`),
  languages: fc.constantFrom('zh', 'ruesdeen'),
  issuerUrl: fc.constant('https://bank.example/card'),
  applicationVersion: fc.constantFrom('0000', '01FF'),
  tokenRequestorId: fc.stringMatching(/^[0-9]{11}$/),
  paymentAccountReference: fc.stringMatching(/^[0-9A-Z]{29}$/),
  panLastDigits: fc.stringMatching(/^[0-9]{4}$/),
  others,
}

export const anyApplication: fc.Arbitrary<ConsumerData> = fc
  .tuple(fc.constantFrom('A0000000555555', 'A000000333010102'), optionally(known))
  .map(([aid, more]) => ({ aid, ...more }))

export const anyCommonData: fc.Arbitrary<ConsumerData> = fc
  .tuple(fc.stringMatching(/^[0-9]{8,19}$/), optionally(known))
  .map(([pan, more]) => ({ ...more, pan }))
