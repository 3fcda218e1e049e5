/**
 * A business hall for the demo: a clerk and a supervisor who can sign in at the counter. The demo shows their
 * passwords and the codes of their authenticators to everyone; a real hall gets its people from `telepurse staff`.
 */
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import type { Parts } from '../compose.ts'
import { assert, Secret } from '../kernel/index.ts'
import { codeAt, createStaff, type Role } from '../staff/index.ts'

const people = [
  { login: '0417', name: '周柜员', roles: ['clerk'] },
  { login: '0901', name: '赵主管', roles: ['clerk', 'supervisor'] },
] as const satisfies readonly { login: string; name: string; roles: readonly Role[] }[]

const office = '滨江路厅'
const password = new Secret('riverside hall demo')
const stepMs = 30_000
const onlyOwner = 0o600

interface Kept {
  readonly login: string
  readonly name: string
  readonly roles: readonly Role[]
  readonly seed: string
  /** The first instant of the next code: that of the enrolment has been used. */
  readonly freshFrom: number
}

/** Adds the people on the first start; answers who may sign in with what, at this moment. */
export async function openHall(parts: Parts, file: string) {
  const kept = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Kept[]) : []
  for (const person of people.slice(kept.length)) {
    kept.push(await enrol(parts, person))
    writeFileSync(file, JSON.stringify(kept), { mode: onlyOwner })
    chmodSync(file, onlyOwner)
  }
  return () =>
    kept.map(({ login, name, roles, seed, freshFrom }) => {
      const code = codeAt(new Secret(seed), Math.max(parts.clock.now(), freshFrom))
      return { login, name, roles, password: password.reveal(), code }
    })
}

/** A code counts once: the one of the step before is for signing in, that of now for the new password. */
async function enrol(parts: Parts, person: (typeof people)[number]): Promise<Kept> {
  const { clock } = parts
  const { people: list, signIn } = createStaff(parts)
  const added = await list.add({ ...person, office }, 'demo')
  assert(added.ok, 'the demo has nobody of this name yet')
  const { seed, password: current } = added.value
  const { login } = person
  const before = codeAt(seed, clock.now() - stepMs)
  const entered = await signIn.signIn({ login, password: current, code: before })
  assert(entered.ok, 'the demo knows its own people')
  const now = clock.now()
  const code = codeAt(seed, now)
  const changed = await signIn.changePassword(entered.value, { current, next: password, code })
  assert(changed.ok, 'the password is a good one')
  await signIn.signOut(entered.value.token, entered.value.person)
  return { ...person, seed: seed.reveal(), freshFrom: now - (now % stepMs) + stepMs }
}
