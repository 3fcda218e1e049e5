/**
 * A consumer's code: base64 of data objects (EMV QRCPS-CPM 1.1). 85 says what it is, a template 61 describes each
 * application that can pay, and 62 what they have in common. Any text is answered; nothing is thrown.
 */
import { type Reason, type Refusal, refusalAt } from '../refusal.ts'
import { accept, type Result, refuse } from '../result.ts'
import { base64Of, octetsOfBase64 } from './base64.ts'
import { type BerObject, hexOf, type Placed, readBer, writeBer } from './ber.ts'
import { type ConsumerData, consumerDataOf, fieldOf, readField } from './data.ts'

export interface ConsumerCode {
  /** All behind 85, in order: from them the same code is made again. */
  readonly objects: readonly BerObject[]
  /** What the templates 61 say, the dearest application first. */
  readonly applications: readonly ConsumerData[]
  /** What the template 62 says. */
  readonly common?: ConsumerData
}

/** More than a code that a till's camera can read has room for. */
const charactersMax = 512

/** CPV01 */
const version = new Uint8Array([0x43, 0x50, 0x56, 0x30, 0x31])

/** Places count octets behind the base64, and for the base64 itself (`code_bad_character`) its characters. */
export function readConsumerCode(text: string): Result<ConsumerCode, Refusal> {
  if (text.length > charactersMax) return refuse(refusalAt([], 'too_long', charactersMax))
  const octets = octetsOfBase64(text)
  if (!(octets instanceof Uint8Array)) return refuse(refusalAt([], 'bad_character', octets.badAt))
  const read = readBer(octets)
  if (!read.ok) return read
  const [fault] = faultsOf(read.value, octets.length)
  if (fault !== undefined) return refuse(fault)
  const objects = read.value.slice(1).map(({ object }) => object)
  const dataOf = (tag: string) =>
    objects.filter((it) => it.tag === tag).map(({ value }) => consumerDataOf(inside(value)))
  const [common] = dataOf('62')
  const applications = dataOf('61')
  return accept(common ? { objects, applications, common } : { objects, applications })
}

/**
 * The text of a code of these objects, without 85, which is added. It is read again before it is given out, so
 * that nothing is made that a reader would refuse.
 */
export function makeConsumerCode(objects: readonly BerObject[]): Result<string, Refusal> {
  const written = writeBer([{ tag: '85', value: version }, ...objects])
  if (!written.ok) return written
  const text = base64Of(Uint8Array.from(written.value))
  const read = readConsumerCode(text)
  return read.ok ? accept(text) : read
}

const inside = (value: BerObject['value']) => (value instanceof Uint8Array ? [] : value)

const tagOf = ({ object }: Placed) => object.tag
const about = (placed: Placed, reason: Reason) => refusalAt(placed.path, reason, placed.at)

function faultsOf(all: readonly Placed[], end: number): readonly Refusal[] {
  const templates = all.filter((it) => it.children.length > 0)
  const applications = all.filter((it) => tagOf(it) === '61')
  return [
    ...versionFaults(all),
    ...(applications.length === 0 ? [refusalAt(['61'], 'missing', end)] : []),
    ...applications
      .filter(({ children }) => !children.some((it) => tagOf(it) === '4F'))
      .map(({ at }) => refusalAt(['61', '4F'], 'missing', at)),
    ...repeated(all, (tag) => tag === '85' || tag === '62'),
    ...templates.flatMap(({ children }) => repeated(children, (tag) => fieldOf(tag) !== undefined)),
    ...templates
      .flatMap(({ children }) => children.filter(isUnreadable))
      .map((it) => about(it, 'bad_value')),
  ]
}

function versionFaults([first]: readonly Placed[]): readonly Refusal[] {
  if (first === undefined || tagOf(first) !== '85') return [refusalAt(['85'], 'missing', 0)]
  const { value } = first.object
  const isKnown = value instanceof Uint8Array && hexOf(value) === hexOf(version)
  return isKnown ? [] : [about(first, 'bad_value')]
}

/** A number that is there twice is no number. */
const repeated = (all: readonly Placed[], isSingle: (tag: string) => boolean) =>
  all
    .filter(
      (it, at) => isSingle(tagOf(it)) && all.findIndex((one) => tagOf(one) === tagOf(it)) < at,
    )
    .map((it) => about(it, 'duplicate'))

const isUnreadable = ({ object }: Placed) => {
  const name = fieldOf(object.tag)
  return name !== undefined && readField(name, object.value) === undefined
}
