import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { expect, test } from 'vitest'
import { Secret } from '../kernel/index.ts'
import { keptSecret } from './kept-secret.ts'
import { createLog, maskNumbers } from './log.ts'
import { type Environment, missingForServe, readConfig } from './read.ts'
import type { Config } from './settings.ts'
import { settingsText } from './tables.ts'

const key = Buffer.alloc(32, 7).toString('base64')

function read(environment: Environment): Config {
  const result = readConfig(environment)
  if (!result.ok) throw new Error(result.refusal.join('\n'))
  return result.value
}

const problemsOf = (environment: Environment) => {
  const result = readConfig(environment)
  return result.ok ? [] : result.refusal
}

test('with nothing set, everything has its default and secrets are absent', () => {
  expect(read({})).toMatchObject({
    dataDir: './data',
    host: '127.0.0.1',
    port: 8080,
    zone: 'Asia/Shanghai',
    roles: ['api', 'channels', 'workers'],
    behindProxy: false,
    databaseUrl: null,
    smsc: null,
    allowPrivateWebhooks: [],
  })
})

test('an empty value counts as not set', () => {
  expect(read({ PORT: ' ', SMSC_URL: '' })).toMatchObject({ port: 8080, smsc: null })
})

test.each<[string, string, string]>([
  ['PORT', '70000', 'PORT must be from 0 to 65535'],
  ['PORT', '80a', 'PORT must be a whole number from 0 to 65535'],
  ['ZONE', 'Mars/Olympus', 'ZONE must be a time zone of the IANA list, for example Asia/Shanghai'],
  ['ROLES', 'api,chef', 'ROLES must be some of api, channels, workers'],
  ['ROLES', ',', 'ROLES must name at least one role'],
  ['BEHIND_PROXY', 'true', 'BEHIND_PROXY must be yes or no'],
  [
    'DATABASE_URL',
    'mysql://a/b',
    'DATABASE_URL must be postgres://user:password@host:5432/name or postgres:///name?host=/folder/of/socket',
  ],
  ['SMSC_URL', 'tcp://a:b@c:1', 'SMSC_URL must be smpp://user:password@host:port'],
  ['SMSC_URL', 'smpp://c:1', 'SMSC_URL needs a user of 1 to 15 characters'],
  ['SMSC_URL', 'smpp://u:123456789@c', 'SMSC_URL has a password of more than 8 characters'],
  ['SMSC_URL', 'smpp://u:p@c?window=0', 'SMSC_URL window must be from 1 to 1000'],
  ['SMSC_URL', 'smpp://u:p@c?mode=both', 'SMSC_URL mode must be transceiver or pair'],
  [
    'SMSC_URL',
    'smpp://u:p@c?windows=3',
    'SMSC_URL knows only window, rate, mode, system_type and address_range after the question mark',
  ],
  [
    'PUBLIC_URL',
    'https://pay.example/app',
    'PUBLIC_URL must be an origin without a path, for example https://pay.example.com',
  ],
  [
    'FIELD_KEY',
    'c2hvcnQ=',
    'FIELD_KEY must be 32 bytes in Base64: make one with openssl rand -base64 32',
  ],
  [
    'ALLOW_PRIVATE_WEBHOOKS',
    'localhost',
    'ALLOW_PRIVATE_WEBHOOKS must be host:port, for example 127.0.0.1:9000',
  ],
  [
    'METRICS_TOKEN',
    'short',
    'METRICS_TOKEN must have at least 32 characters: make one with openssl rand -hex 32',
  ],
])('%s=%s is refused in one line', (name, value, problem) => {
  expect(problemsOf({ [name]: value })).toEqual([problem])
})

test('all problems come at once', () => {
  expect(problemsOf({ PORT: 'x', ZONE: 'y', FIELD_KEY: 'z' })).toHaveLength(3)
})

test('the database may be behind a socket of the same machine', () => {
  const url = 'postgres:///telepurse?host=/var/run/postgresql&user=wallet'
  expect(read({ DATABASE_URL: url }).databaseUrl?.reveal()).toBe(url)
  for (const wrong of ['postgres:///b?host=c', 'postgres:///b', 'file:///b?host=/c'])
    expect(problemsOf({ DATABASE_URL: wrong })).toHaveLength(1)
})

test('SMSC_URL is read whole, percent-encoding included', () => {
  const url = 'smpp://wal%40let:p%3Aw@[::1]:2776?window=20&rate=50&mode=pair&system_type=WAP'
  const { smsc } = read({ SMSC_URL: url })
  expect(smsc).toMatchObject({
    host: '::1',
    port: 2776,
    systemId: 'wal@let',
    bind: 'pair',
    window: 20,
    perSecondMax: 50,
    systemType: 'WAP',
    addressRange: '',
  })
  expect(smsc?.password.reveal()).toBe('p:w')
})

test('nothing that is printed shows a secret', () => {
  const environment = {
    DATABASE_URL: 'postgres://app:hunter2@db:5432/wallet',
    SMSC_URL: 'smpp://app:hunter2@smsc:2775',
    CARRIER_TOKEN: 'hunter2',
    FIELD_KEY: key,
  }
  const config = read(environment)
  const text = settingsText(environment)
  for (const printed of [inspect(config, { depth: 9 }), JSON.stringify(config), text]) {
    expect(printed).not.toContain('hunter2')
    expect(printed).not.toContain(key)
  }
  expect(text).toContain('DATABASE_URL = postgres://app:••••@db:5432/wallet (environment)')
  expect(text).toContain('CARRIER_URL (not set)')
})

test('serve says what it lacks, each thing once', () => {
  expect(missingForServe(read({}))).toHaveLength(3)
  const whole = {
    FIELD_KEY: key,
    SMSC_URL: 'smpp://u:p@smsc',
    CARRIER_URL: 'http://boss:9000',
    CARRIER_TOKEN: 't',
  }
  expect(missingForServe(read(whole))).toEqual([])
  expect(missingForServe(read({ ...whole, ROLES: 'api' }))).toEqual([
    expect.stringContaining('DATABASE_URL'),
  ])
  const lanes = { DATABASE_URL: 'postgres://db/x', PAYMENT_LANES: '64', POOL_MAX: '20' }
  expect(missingForServe(read({ ...whole, ...lanes }))).toEqual([
    expect.stringContaining('POOL_MAX'),
  ])
  expect(missingForServe(read({ ...whole, ...lanes, POOL_MAX: '64' }))).toEqual([])
  const apart = { ROLES: 'api', DATABASE_URL: 'postgres://db/x', CARRIER_URL: '' }
  expect(missingForServe(read({ ...whole, ...apart }))).toEqual([
    expect.stringContaining('CARRIER_URL'),
  ])
  expect(missingForServe(read({ ...whole, HOST: '0.0.0.0' }))).toEqual([
    expect.stringContaining('PUBLIC_URL'),
  ])
})

test('a kept secret stays the same, and only its owner can read it', () => {
  const folder = mkdtempSync(join(tmpdir(), 'telepurse-config-'))
  try {
    const first = keptSecret(folder, 'field-key')
    expect(read({ FIELD_KEY: first.reveal() }).fieldKey?.reveal()).toBe(first.reveal())
    expect(keptSecret(folder, 'field-key').reveal()).toBe(first.reveal())
    expect(keptSecret(folder, 'operator-token').reveal()).not.toBe(first.reveal())
    expect(statSync(join(folder, 'field-key')).mode & 0o777).toBe(0o600)
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('the log has no phone number, no text and no secret, wherever they stand', () => {
  const lines: string[] = []
  const log = createLog({ logLevel: 'info' }, { write: (line) => void lines.push(line) })
  log.info(
    { msisdn: '+8613800138000', text: 'Y', nested: { password: 'hunter2' } },
    'asked 13900139000',
  )
  log.error({ err: new Error('no line 8613700137000'), key: new Secret('hunter2') }, 'refused')
  const all = lines.join('')
  expect(all).not.toMatch(/13800138000|13900139000|13700137000|hunter2|"text"/)
  expect(all).toContain('138****8000')
  expect(all).toContain('asked 139****9000')
  expect(lines.every((line) => JSON.parse(line).level !== undefined)).toBe(true)
})

test('masking leaves ids, times and service numbers alone', () => {
  const line = '{"time":1794787200123,"from":"1065800886021","id":"CH202611130000000001"}'
  expect(maskNumbers(line)).toBe(line)
})
