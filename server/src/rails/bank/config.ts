/**
 * A bank as configuration: how to reach it, how it writes its messages, when it is open, what it allows. The
 * keys are not here, nor anything else that is secret.
 *
 *     zone        of its clock: transmission times and opening hours
 *     acquirer, forwarder, receiver    institution codes: fields 32, 33 and 100
 *     acceptor    what it calls us: fields 18, 41, 42 and 43
 *     connection  where it is, and every limit of the link
 *     messages    a flavour of ISO 8583, and what differs: attributes of fields, constants a verb carries;
 *                 whether keys come both in one message or each in one of its own
 *     mac         how codes are computed; what they go over is the flavour's
 *     pin         `wallet`: a card's PIN goes with its verification at a counter alone; `bank`: with debits too
 *     hours       when it takes requests; always, when there are none
 *     cards       how many cards of it one phone number may bind
 */
import {
  deriveSpec,
  encode,
  iso87Ascii,
  iso87Bcd,
  type MessageSpec,
  unionPayHost,
} from '@telepurse/iso8583'
import type { z } from 'zod'
import { accept, type Result, refuse, Secret } from '../../kernel/index.ts'
import { bankSchema } from './config-schema.ts'
import { createRequestWriter } from './requests.ts'

export type BankConfig = z.output<typeof bankSchema>

/** Reads the text of a file. Every problem is one line that names its place. */
export function parseBankConfig(text: string): Result<BankConfig, readonly string[]> {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    return refuse(['the file is not JSON'])
  }
  const read = bankSchema.safeParse(json)
  if (!read.success)
    return refuse(read.error.issues.map(({ path, message }) => `${placeOf(path)} ${message}`))
  const problem = specProblem(read.data)
  return problem === undefined ? accept(read.data) : refuse([problem])
}

const placeOf = (path: readonly PropertyKey[]) => (path.length === 0 ? 'bank' : path.join('.'))

const flavours: Readonly<Record<BankConfig['messages']['flavour'], MessageSpec>> = {
  iso87_ascii: iso87Ascii,
  iso87_bcd: iso87Bcd,
  unionpay_host: unionPayHost,
}

/** Throws RangeError when the differences contradict each other; `parseBankConfig` has seen to it. */
export function specOf({ name, messages, mac }: Pick<BankConfig, 'name' | 'messages' | 'mac'>) {
  const base = flavours[messages.flavour]
  const { lengthCountsItself: countsItself = base.frame.countsItself } = messages
  // A length that counts itself leaves less for the message.
  const octetsMax = base.frame.octetsMax - (countsItself ? base.frame.lengthOctets : 0)
  return deriveSpec(base, {
    name,
    frame: { ...base.frame, countsItself, octetsMax },
    mac: { ...base.mac, form: mac.form ?? base.mac.form },
    fields: messages.fields,
  })
}

/** Without these no answer can be matched, judged or trusted. */
const needed = [2, 3, 4, 7, 11, 15, 32, 33, 39, 48, 49, 53, 70, 90]

/** What every verb has in common, so that a name the flavour cannot write is found now and not with money. */
const sampleOf = (config: BankConfig, spec: MessageSpec) =>
  createRequestWriter(config, spec).purchase(
    {
      exchange: {
        ...{ stan: 1, transmittedAt: '0101000000' },
        ...{ acquirer: config.acquirer, forwarder: config.forwarder },
      },
      card: { pan: new Secret('0'.repeat(16)) },
      amount: 1n,
      orderNo: '1',
    },
    {},
  )

function specProblem(config: BankConfig): string | undefined {
  try {
    const spec = specOf(config)
    const missing = needed.filter((field) => spec.fields[field] === undefined)
    if (missing.length > 0) return `messages.fields must keep ${missing.join(', ')}`
    const constants = Object.values(config.messages.constants).flatMap((it) => Object.keys(it))
    const wrong = constants.find((field) => (spec.fields[Number(field)]?.content ?? 'b') === 'b')
    if (wrong !== undefined) return `messages.constants ${wrong} is no text field of this bank`
    const parts = spec.header.filter((part) => part.constant === undefined && !part.computed)
    const unnamed = parts.find(
      (part) => part.default === undefined && !(part.name in config.messages.header),
    )
    if (unnamed) return `messages.header must name ${unnamed.name}`
    const written = encode(spec, sampleOf(config, spec))
    return written.ok ? undefined : `messages cannot be written: ${written.refusal.code}`
  } catch (error) {
    return `messages: ${error instanceof RangeError ? error.message : 'cannot be used'}`
  }
}
