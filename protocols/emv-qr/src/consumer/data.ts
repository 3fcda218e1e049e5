/** What is known of the data in a template of a consumer's code (EMV QRCPS-CPM 1.1, tables 3.2 and 3.3). */
import { type Refusal, refusalAt } from '../refusal.ts'
import { accept, type Result, refuse } from '../result.ts'
import { type BerObject, hexOf } from './ber.ts'

export interface ConsumerData {
  /** 4F: whose application it is, 10 to 32 hexadecimal digits. */
  readonly aid?: string
  /** 50 */
  readonly label?: string
  /** 57: card number, `=`, expiry, service code and what the issuer adds. */
  readonly track2?: string
  /** 5A */
  readonly pan?: string
  /** 5F20 */
  readonly cardholderName?: string
  /** 5F2D: up to four of two letters each, the dearest first. */
  readonly languages?: string
  /** 5F50 */
  readonly issuerUrl?: string
  /** 9F08: four hexadecimal digits. */
  readonly applicationVersion?: string
  /** 9F19: eleven digits. */
  readonly tokenRequestorId?: string
  /** 9F24: 29 characters that stand for a card whatever number it has. */
  readonly paymentAccountReference?: string
  /** 9F25: of the card behind a token. */
  readonly panLastDigits?: string
  /** Everything else, in order: cryptograms, and the templates 63 and 64 that schemes fill. */
  readonly others?: readonly BerObject[]
}

export type ConsumerField = Exclude<keyof ConsumerData, 'others'>

/** A way of writing: from hexadecimal digits and back, each undefined for what cannot be so. */
interface Format {
  readonly read: (hex: string) => string | undefined
  readonly write: (value: string) => string | undefined
}

const when = (pattern: RegExp, text: string) => (pattern.test(text) ? text : undefined)

const hexadecimal = (pattern: RegExp): Format => ({
  read: (hex) => when(pattern, hex),
  write: (value) => when(pattern, value),
})

const ascii = (pattern: RegExp): Format => ({
  read: (hex) =>
    when(
      pattern,
      hex.replace(/../g, (octet) => String.fromCharCode(Number.parseInt(octet, 16))),
    ),
  write: (value) =>
    when(pattern, value)?.replace(/./g, (it) => it.charCodeAt(0).toString(16).toUpperCase()),
})

/** Digits in half octets, filled up with F at the end; D separates. */
const compressed = (pattern: RegExp): Format => ({
  read: (hex) => when(pattern, hex.replace(/F+$/, '').replace('D', '=')),
  write: (value) =>
    when(pattern, value)
      ?.replace('=', 'D')
      .concat(value.length % 2 ? 'F' : ''),
})

/** So many digits in half octets, a zero before them where they are odd. */
const numeric = (digits: number): Format => {
  const pattern = new RegExp(`^[0-9]{${digits}}$`)
  const filling = digits % 2 ? '0' : ''
  return {
    read: (hex) => (hex.startsWith(filling) ? when(pattern, hex.slice(filling.length)) : undefined),
    write: (value) => when(pattern, value) && filling + value,
  }
}

export const consumerFields: Readonly<
  Record<ConsumerField, { readonly tag: string; readonly format: Format }>
> = {
  aid: { tag: '4F', format: hexadecimal(/^([0-9A-F]{2}){5,16}$/) },
  label: { tag: '50', format: ascii(/^[ -~]{1,16}$/) },
  track2: { tag: '57', format: compressed(/^(?=.{1,38}$)[0-9]{8,19}=[0-9]{7,}$/) },
  pan: { tag: '5A', format: compressed(/^[0-9]{8,19}$/) },
  cardholderName: { tag: '5F20', format: ascii(/^[ -~]{2,26}$/) },
  languages: { tag: '5F2D', format: ascii(/^([A-Za-z]{2}){1,4}$/) },
  issuerUrl: { tag: '5F50', format: ascii(/^[!-~]{1,255}$/) },
  applicationVersion: { tag: '9F08', format: hexadecimal(/^[0-9A-F]{4}$/) },
  tokenRequestorId: { tag: '9F19', format: numeric(11) },
  paymentAccountReference: { tag: '9F24', format: ascii(/^[0-9A-Z]{29}$/) },
  panLastDigits: { tag: '9F25', format: numeric(4) },
}

const names = Object.keys(consumerFields) as ConsumerField[]

export const fieldOf = (tag: string): ConsumerField | undefined =>
  names.find((name) => consumerFields[name].tag === tag)

/** The value of a field that is known; undefined where the octets are none of that format. */
export const readField = (name: ConsumerField, value: BerObject['value']): string | undefined =>
  value instanceof Uint8Array ? consumerFields[name].format.read(hexOf(value)) : undefined

/** What the objects of a template say; fields that cannot be read are left among the others. */
export function consumerDataOf(objects: readonly BerObject[]): ConsumerData {
  const values: { [Name in ConsumerField]?: string } = {}
  const others: BerObject[] = []
  for (const object of objects) {
    const name = fieldOf(object.tag)
    const value = name && readField(name, object.value)
    if (name === undefined || value === undefined) others.push(object)
    else values[name] = value
  }
  return others.length > 0 ? { ...values, others } : values
}

/** A template of these data, fields by their tags and the others behind them: 61 of an application, 62 of all. */
export function consumerTemplate(tag: '61' | '62', data: ConsumerData): Result<BerObject, Refusal> {
  const objects: BerObject[] = []
  for (const name of names) {
    const value = data[name]
    if (value === undefined) continue
    const field = consumerFields[name]
    const hex = field.format.write(value)
    if (hex === undefined) return refuse(refusalAt([tag, field.tag], 'bad_value', 0))
    objects.push({ tag: field.tag, value: octetsOfHex(hex) })
  }
  return accept({ tag, value: [...objects, ...(data.others ?? [])] })
}

function octetsOfHex(hex: string): Uint8Array {
  const octets = new Uint8Array(hex.length / 2)
  for (let at = 0; at < octets.length; at += 1)
    octets[at] = Number.parseInt(hex.slice(2 * at, 2 * at + 2), 16)
  return octets
}
