/**
 * `telepurse staff …`: who works in business halls and for the operator. Password and authenticator secret are printed
 * once, to be handed over, and are kept nowhere in clear. Each act is in the operator's log. Exit code 1 when it is
 * refused.
 */
import { sealHead } from '../audit/index.ts'
import { foundSecret } from '../config/index.ts'
import {
  createBusinessTime,
  createFieldCipher,
  createIds,
  type Result,
  systemClock,
} from '../kernel/index.ts'
import {
  createStaff,
  type Handover,
  type KeptPerson,
  type People,
  type Role,
  roles,
} from '../staff/index.ts'
import { CannotGoOn, complain, say } from './output.ts'
import { configOrStop, withDatabase } from './place.ts'

export interface StaffOptions {
  readonly operator: string
}

export interface NewStaffOptions extends StaffOptions {
  readonly name: string
  readonly office: string
  readonly role: readonly string[]
}

export const listStaff = (): Promise<number> =>
  withPeople(async (people) => {
    for (const person of await people.list()) say(lineOf(person))
    return 0
  })

export const addStaff = (login: string, options: NewStaffOptions): Promise<number> =>
  withPeople(async (people) => {
    const { name, office, operator } = options
    const given = { login, name, office, roles: rolesOf(options.role) }
    return handOver(await people.add(given, operator))
  })

export const resetStaff = (login: string, { operator }: StaffOptions): Promise<number> =>
  withPeople(async (people) => handOver(await people.reset(login, operator)))

/** Without anything to hand over. */
export const changeStaff = (
  change: 'unlock' | 'disable' | 'enable',
  login: string,
  { operator }: StaffOptions,
): Promise<number> =>
  withPeople(async (people) => {
    const done = await people[change](login, operator)
    if (!done.ok) return refusedWith(done.refusal)
    say(lineOf(done.value))
    return 0
  })

async function withPeople(use: (people: People) => Promise<number>): Promise<number> {
  const config = configOrStop()
  const fieldKey = config.fieldKey ?? foundSecret(config.dataDir, 'field-key')
  if (!fieldKey) throw new CannotGoOn('FIELD_KEY must be set, as for serve')
  const ids = createIds()
  const cipher = createFieldCipher(fieldKey, ids)
  return withDatabase(config, async (db) => {
    await sealHead(db, cipher)
    const time = createBusinessTime(config.zone)
    return use(createStaff({ db, ids, cipher, time, clock: systemClock }).people)
  })
}

/** Said once, on standard output alone: no log and no file has it. */
function handOver(done: Result<Handover, string>): number {
  if (!done.ok) return refusedWith(done.refusal)
  const { person, password, seed, uri } = done.value
  say(lineOf(person))
  say(`password (to be changed at the first sign-in): ${password.reveal()}`)
  say(`authenticator secret: ${seed.reveal()}`)
  say(`for a QR code:        ${uri.reveal()}`)
  say('Neither is shown again.')
  return 0
}

function refusedWith(refusal: string): number {
  complain(refusal.replaceAll('_', ' '))
  return 1
}

function rolesOf(given: readonly string[]): Role[] {
  const unknown = given.find((one) => !(roles as readonly string[]).includes(one))
  if (unknown !== undefined) throw new CannotGoOn(`--role is one of ${roles.join(', ')}`)
  return roles.filter((one) => given.includes(one))
}

const lineOf = ({ login, name, office, roles: held, disabledAt }: KeptPerson) =>
  `${login.padEnd(16)}  ${held.join(' and ')}, ${name}, ${office}${disabledAt === null ? '' : ', disabled'}`
