/** The shape of a bank's configuration, in the words of its file. Every field is explained in `config.ts`. */
import { z } from 'zod'

const digits = (least: number, most: number) =>
  z.string().regex(new RegExp(`^\\d{${least},${most}}$`), `must be ${least} to ${most} digits`)
const whole = (least: number, most: number) => {
  const message = `must be a whole number from ${least} to ${most}`
  return z.int(message).min(least, message).max(most, message)
}
const printable = (most: number) =>
  z.string().regex(new RegExp(`^[\\x20-\\x7e]{1,${most}}$`), `must be 1 to ${most} characters`)
const fieldNumber = z
  .string()
  .regex(/^([2-9]|[1-9]\d|1[01]\d|12[0-8])$/, 'must be a field from 2 to 128')
const clock = z.string().regex(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/, 'must be a time, hh:mm')

const verbNames = ['verify', 'balance', 'purchase', 'credit', 'reverse', 'void', 'refund'] as const
export type VerbName = (typeof verbNames)[number]

/** Only how a field looks. What of it may be printed is not a bank's to say. */
const attribute = z
  .string()
  .regex(
    /^(x\+n|n|z|a|an|as|ns|ans|b)( \d{1,3}|\.{2,3}\d{1,3})$/,
    'must be an attribute as ans..25',
  )

const hours = z
  .strictObject({
    days: z.array(whole(1, 7)).min(1, 'must name a day, Monday is 1'),
    from: clock,
    to: clock,
  })
  .refine(({ from, to }) => from < to, 'must end after it begins: write a night as two')

const connection = z.strictObject({
  host: z.string().min(1, 'must be a host'),
  port: whole(1, 65_535),
  connections: whole(1, 16).default(1),
  window: whole(1, 1_000).default(16),
  waitingMax: whole(0, 100_000).default(2_000),
  waitMs: whole(1, 60_000).default(10_000),
  answerMs: whole(100, 300_000).default(30_000),
  connectMs: whole(100, 60_000).default(10_000),
  echoMs: whole(100, 600_000).default(30_000),
  reconnectMs: whole(1, 60_000).default(500),
  reconnectMaxMs: whole(1, 600_000).default(30_000),
  stableMs: whole(1, 600_000).default(10_000),
  drainMs: whole(1, 60_000).default(10_000),
})

const messages = z.strictObject({
  flavour: z.enum(
    ['iso87_ascii', 'iso87_bcd', 'unionpay_host'],
    'must be iso87_ascii, iso87_bcd or unionpay_host',
  ),
  lengthCountsItself: z.boolean().optional(),
  fields: z.record(fieldNumber, attribute.nullable()).default({}),
  header: z.record(z.string(), printable(11)).default({}),
  constants: z
    .partialRecord(z.enum(['all', ...verbNames]), z.record(fieldNumber, printable(200)))
    .default({}),
  keys: z.enum(['both', 'single'], 'must be both or single').default('both'),
  managementType: z.enum(['0800', '0820'], 'must be 0800 or 0820').default('0820'),
})

const breakerDefaults = { troublesMax: 5, openMs: 10_000, openMaxMs: 60_000 }

const pinBlock = {
  format: z.union([z.literal(0), z.literal(3), z.literal(4)], 'must be 0, 3 or 4').default(0),
  control: digits(16, 16).default('2600000000000000'),
} as const

export const bankSchema = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9_]{1,31}$/, 'must be 2 to 32 of a-z, 0-9 and _'),
  zone: z.string().refine(isZone, 'must be a time zone of the IANA list').default('Asia/Shanghai'),
  acquirer: digits(6, 11),
  forwarder: digits(6, 11),
  receiver: digits(6, 11).optional(),
  acceptor: z.strictObject({
    category: digits(4, 4),
    terminal: printable(8),
    id: printable(15),
    name: z.string().min(1, 'must be a name'),
  }),
  currency: digits(3, 3).default('156'),
  connection,
  messages,
  mac: z.strictObject({
    algorithm: z.enum(
      ['cbc', 'retail', 'cmac', 'unionpay_ecb'],
      'must be cbc, retail, cmac or unionpay_ecb',
    ),
    padding: z.union([z.literal(1), z.literal(2), z.literal(3)], 'must be 1, 2 or 3').default(1),
    form: z.enum(['octets', 'hex'], 'must be octets or hex').optional(),
  }),
  pin: z.discriminatedUnion('keptBy', [
    z.strictObject({ keptBy: z.literal('wallet'), ...pinBlock }),
    z.strictObject({ keptBy: z.literal('bank'), ...pinBlock }),
  ]),
  hours: z.array(hours).default([]),
  cards: z.strictObject({ perNumberMax: whole(1, 100).default(5) }).prefault({}),
  breaker: z
    .strictObject({
      troublesMax: whole(1, 1_000).default(breakerDefaults.troublesMax),
      openMs: whole(1, 3_600_000).default(breakerDefaults.openMs),
      openMaxMs: whole(1, 3_600_000).default(breakerDefaults.openMaxMs),
    })
    .prefault({}),
})

function isZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone })
    return true
  } catch {
    return false
  }
}
