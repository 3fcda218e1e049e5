/**
 * Every setting there is. The program reads no other environment variable, and nothing else reads the
 * environment. docs/reference/settings.md is made from this list.
 */
import { z } from 'zod'
import { bucketCount, Secret } from '../kernel/index.ts'
import { bankSettings } from './bank-settings.ts'
import { billerSettings } from './biller-settings.ts'
import { cardSettings } from './card-settings.ts'
import { keySettings } from './key-settings.ts'
import { hostAndPort, listOf, token, urlOf, wholeNumber, yesOrNo } from './schemas.ts'
import { type Declared, setting } from './setting.ts'
import { smscUrl } from './smsc-url.ts'

export const roles = ['api', 'channels', 'workers'] as const

const origin = z.string().transform((text, context) => {
  const url = urlOf(text, 'http:', 'https:')
  if (url && url.origin === text.replace(/\/$/, '')) return url.origin
  context.addIssue('must be an origin without a path, for example https://pay.example.com')
  return z.NEVER
})

const baseUrl = z
  .string()
  .refine(
    (text) => urlOf(text, 'http:', 'https:') !== undefined,
    'must be a URL, for example https://boss.example.com/charging',
  )

const databaseUrl = z
  .string()
  .refine(
    (text) => urlOf(text, 'postgres:', 'postgresql:') !== undefined || isSocketUrl(text),
    'must be postgres://user:password@host:5432/name or postgres:///name?host=/folder/of/socket',
  )
  .transform((text) => new Secret(text))

/** The server on the same machine, reached through a Unix socket: `postgres:///name?host=/folder`. */
function isSocketUrl(text: string): boolean {
  if (!/^postgres(ql)?:\/\/\//.test(text) || !URL.canParse(text)) return false
  return new URL(text).searchParams.get('host')?.startsWith('/') ?? false
}

const zone = z.string().refine((text) => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }) !== undefined
  } catch {
    return false
  }
}, 'must be a time zone of the IANA list, for example Asia/Shanghai')

/** 44 characters of Base64, the last one a pad: exactly 32 bytes. */
const fieldKey = z
  .string()
  .regex(
    /^[A-Za-z0-9+/]{43}=$/,
    'must be 32 bytes in Base64: make one with openssl rand -base64 32',
  )
  .transform((text) => new Secret(text))

export const settings = {
  dataDir: setting({
    name: 'TELEPURSE_DATA',
    group: 'Place',
    type: 'directory',
    default: './data',
    help: 'Where the embedded database and generated secrets are kept. One process at a time.',
    schema: z.string(),
  }),
  roles: setting({
    name: 'ROLES',
    group: 'Place',
    type: `some of ${roles.join(', ')}`,
    default: roles.join(','),
    help: 'What this process does: answer HTTP, keep the links to the SMSC, or work off jobs. Another choice than all of them needs DATABASE_URL.',
    schema: listOf(z.enum(roles, `must be some of ${roles.join(', ')}`)).refine(
      (list) => list.length > 0,
      'must name at least one role',
    ),
  }),
  zone: setting({
    name: 'ZONE',
    group: 'Place',
    type: 'time zone',
    default: 'Asia/Shanghai',
    help: 'Days and months of limits, statements and business dates. Do not change it once there are payments.',
    schema: zone,
  }),
  logLevel: setting({
    name: 'LOG_LEVEL',
    group: 'Place',
    type: 'fatal, error, warn, info, debug or silent',
    default: 'info',
    help: 'Logs are JSON lines on standard error, without phone numbers, texts and secrets.',
    schema: z.enum(
      ['fatal', 'error', 'warn', 'info', 'debug', 'silent'],
      'must be fatal, error, warn, info, debug or silent',
    ),
  }),
  host: setting({
    name: 'HOST',
    group: 'HTTP',
    type: 'address',
    default: '127.0.0.1',
    help: 'The address to listen on. 0.0.0.0 for all; put a proxy that speaks TLS in front.',
    schema: z.string(),
  }),
  port: setting({
    name: 'PORT',
    group: 'HTTP',
    type: 'port',
    default: '8080',
    help: 'The port to listen on; 0 takes any free one.',
    schema: wholeNumber(0, 65_535),
  }),
  publicUrl: setting({
    name: 'PUBLIC_URL',
    group: 'HTTP',
    type: 'origin',
    default: null,
    help: 'Where customers and merchants reach this server, for example https://pay.example.com. Without it, the address it listens on.',
    schema: origin,
  }),
  behindProxy: setting({
    name: 'BEHIND_PROXY',
    group: 'HTTP',
    type: 'yes or no',
    default: 'no',
    help: 'Believe X-Forwarded-For and X-Forwarded-Proto. Say yes only when a proxy of yours sets them.',
    schema: yesOrNo,
  }),
  ordersMax: setting({
    name: 'ORDERS_MAX',
    group: 'HTTP',
    type: '10 to 5000',
    default: '512',
    help: 'New orders over HTTP that may wait to be decided at once; more are answered 503, and one caller gets at most four fifths of them, then 429. Fewer make answers faster under overload, more let bigger batches form.',
    schema: wholeNumber(10, 5_000),
  }),
  operatorToken: setting({
    name: 'OPERATOR_TOKEN',
    group: 'HTTP',
    type: 'at least 32 characters',
    default: null,
    help: 'Bearer token of the programs of the operator, for the endpoints below /operator but for those that need a person. Without it they are for people who sign in alone.',
    secret: 'whole',
    schema: token,
  }),
  metricsToken: setting({
    name: 'METRICS_TOKEN',
    group: 'HTTP',
    type: 'at least 32 characters',
    default: null,
    help: 'Bearer token that /metrics asks for. Without it, /metrics is open to whoever reaches the port.',
    secret: 'whole',
    schema: token,
  }),
  allowPrivateWebhooks: setting({
    name: 'ALLOW_PRIVATE_WEBHOOKS',
    group: 'HTTP',
    type: 'host:port, …',
    default: '',
    help: 'Merchants may name these webhook targets although they are in a private network or without TLS.',
    schema: listOf(hostAndPort),
  }),
  databaseUrl: setting({
    name: 'DATABASE_URL',
    group: 'Database',
    type: 'postgres://user:password@host:5432/name',
    default: null,
    help: 'PostgreSQL 15 or later. Without it, an embedded database in TELEPURSE_DATA.',
    secret: 'password',
    schema: databaseUrl,
  }),
  poolMax: setting({
    name: 'POOL_MAX',
    group: 'Database',
    type: '1 to 200',
    default: '10',
    help: 'Connections of this process to PostgreSQL.',
    schema: wholeNumber(1, 200),
  }),
  paymentLanes: setting({
    name: 'PAYMENT_LANES',
    group: 'Database',
    type: '1 to 64',
    default: '1',
    help: 'Batches of payments in flight at once, each of other buckets and on a connection of its own. 1 costs the least; 2 serve more where processors are free. See docs/operating/scale-out.md.',
    schema: wholeNumber(1, bucketCount),
  }),
  paymentBatchMax: setting({
    name: 'PAYMENT_BATCH_MAX',
    group: 'Database',
    type: '1 to 1000',
    default: '500',
    help: 'The most commands on payments that share a transaction. 1 makes a transaction for each, for comparison.',
    schema: wholeNumber(1, 1_000),
  }),
  unsafeDatabase: setting({
    name: 'UNSAFE_DATABASE',
    group: 'Database',
    type: 'yes or no',
    default: 'no',
    help: 'Start although PostgreSQL is set so that it can lose what it acknowledged. For tests.',
    schema: yesOrNo,
  }),
  diskFreeMin: setting({
    name: 'DISK_FREE_MIN',
    group: 'Database',
    type: 'megabytes',
    default: '1000',
    help: 'With less free on the disk of the database, new orders are answered with 503 until there is room. Twice max_wal_size of PostgreSQL, or more; 0 never asks.',
    schema: wholeNumber(0, 100_000_000),
  }),
  diskFolders: setting({
    name: 'DISK_FOLDERS',
    group: 'Database',
    type: 'directory, …',
    default: '',
    help: 'Whose free space counts. Without it, that of the embedded database, or of a PostgreSQL on this machine that tells its data_directory.',
    schema: listOf(z.string()),
  }),
  smsc: setting({
    name: 'SMSC_URL',
    group: 'Short messages',
    type: 'smpp://user:password@host:2775?window=10&rate=0&mode=transceiver&system_type=&address_range=',
    default: null,
    help: 'The short message centre (SMPP 3.4). rate is messages a second, 0 for no limit; mode is transceiver, or pair for a transmitter and a receiver.',
    secret: 'password',
    schema: smscUrl,
  }),
  carrierUrl: setting({
    name: 'CARRIER_URL',
    group: 'Carrier',
    type: 'URL',
    default: null,
    help: "The carrier's billing system (BOSS).",
    schema: baseUrl,
  }),
  carrierToken: setting({
    name: 'CARRIER_TOKEN',
    group: 'Carrier',
    type: 'text',
    default: null,
    help: "Bearer token for the carrier's billing system.",
    secret: 'whole',
    schema: z.string().transform((text) => new Secret(text)),
  }),
  carrierListMax: setting({
    name: 'CARRIER_LIST_MAX',
    group: 'Carrier',
    type: '0 to 100',
    default: '100',
    help: 'Charges the carrier takes in one request: 1 when it takes them one by one, 0 when it only knows how to reserve and to commit.',
    schema: wholeNumber(0, 100),
  }),
  fieldKey: setting({
    name: 'FIELD_KEY',
    group: 'Secrets',
    type: '32 bytes in Base64',
    default: null,
    help: 'Encrypts secrets at rest. Whoever loses it loses them: keep a copy outside the database. The demo makes one and keeps it in TELEPURSE_DATA.',
    secret: 'whole',
    schema: fieldKey,
  }),
  ...cardSettings,
  ...keySettings,
  ...bankSettings,
  ...billerSettings,
} as const

type Settings = typeof settings

type ValueOf<Item> = Item extends Declared<infer Value> ? Value : never

export type Config = { readonly [Key in keyof Settings]: ValueOf<Settings[Key]> }
