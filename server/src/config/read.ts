/** From the environment to a `Config`: all problems at once, each a line that says what to do. */
import { accept, type Result, refuse } from '../kernel/index.ts'
import type { Setting } from './setting.ts'
import { type Config, roles, settings } from './settings.ts'

export type Environment = Readonly<Record<string, string | undefined>>

export const processEnvironment = (): Environment => process.env

export function readConfig(environment: Environment): Result<Config, readonly string[]> {
  const problems: string[] = []
  const read = (declared: Setting) => {
    const text = textOf(declared, environment)
    if (text === null) return null
    const found = declared.schema.safeParse(text)
    if (found.success) return found.data
    const said = found.error.issues.map((issue) => issue.message)
    problems.push(`${declared.name} ${[...new Set(said)].join(', and ')}`)
    return null
  }
  const entries = Object.entries(settings).map(([key, declared]) => [key, read(declared)])
  if (problems.length > 0) return refuse(problems)
  return accept(Object.fromEntries(entries) as Config)
}

/** Empty is the same as not set: that is how a variable is left out in many tools. */
export const givenText = (declared: Setting, environment: Environment): string | null =>
  environment[declared.name]?.trim() || null

const textOf = (declared: Setting, environment: Environment): string | null =>
  givenText(declared, environment) ?? declared.default

/** What `telepurse serve` needs beyond settings that are right one by one. */
export function missingForServe(config: Config): string[] {
  const does = (role: (typeof roles)[number]) => config.roles.includes(role)
  const whole = roles.every(does)
  const rules: readonly [missing: boolean, problem: string][] = [
    [
      config.fieldKey === null,
      'FIELD_KEY must be set: make one with openssl rand -base64 32, and keep a copy',
    ],
    [
      !whole && config.databaseUrl === null,
      'DATABASE_URL must be set when ROLES shares the work among processes: the embedded database admits one',
    ],
    [
      does('api') && config.publicUrl === null && !isLoopback(config.host),
      'PUBLIC_URL must be set when HOST is not a loopback address: it is part of links and tokens',
    ],
    [
      does('channels') && config.smsc === null,
      'SMSC_URL must be set for the role channels: smpp://user:password@host:port',
    ],
    [
      config.carrierUrl === null || config.carrierToken === null,
      'CARRIER_URL and CARRIER_TOKEN must be set: every role asks the carrier whose a number is',
    ],
    [
      config.databaseUrl !== null && config.poolMax < config.paymentLanes,
      'POOL_MAX must be at least PAYMENT_LANES: each lane uses a connection',
    ],
  ]
  return rules.flatMap(([missing, problem]) => (missing ? [problem] : []))
}

const isLoopback = (host: string) => /^(127\.|::1$|localhost$)/.test(host)
