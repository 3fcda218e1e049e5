/**
 * People for the demo: a clerk and a supervisor of a business hall, one of the operator's and its admin. The demo shows
 * their passwords and the codes of their authenticators to everyone; real ones are added with `telepurse staff`.
 */
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import type { Parts } from '../compose.ts'
import { assert, type Result, Secret } from '../kernel/index.ts'
import { codeAt, createStaff, type Role } from '../staff/index.ts'

/** New ones at the end: who is there already stays as he is. */
const people = [
  { login: '0417', name: '周柜员', office: '滨江路厅', roles: ['clerk'] },
  { login: '0901', name: '赵主管', office: '滨江路厅', roles: ['clerk', 'supervisor'] },
  { login: '0801', name: '钱运营', office: '运营部', roles: ['operator'] },
  { login: '0800', name: '孙管理', office: '运营部', roles: ['admin'] },
] as const satisfies readonly {
  login: string
  name: string
  office: string
  roles: readonly Role[]
}[]

const password = new Secret('riverside hall demo')
/** Everybody is told it: nothing is gained by making it dear to try. */
const passwordCost = 10
const stepMs = 30_000
/** Less than lock a login. */
const triesMax = 3
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
  const { login, name, roles } = person
  const { people: list, signIn } = createStaff({ passwordCost, ...parts })
  const added = await list.add(person, 'demo')
  assert(added.ok, 'the demo has nobody of this name yet')
  const { seed, password: current } = added.value
  const session = await tried(() =>
    signIn.signIn({ login, password: current, code: codeAt(seed, clock.now() - stepMs) }),
  )
  let now = clock.now()
  await tried(() => {
    now = clock.now()
    const code = codeAt(seed, now)
    return signIn.changePassword(session, { current, next: password, code })
  })
  await signIn.signOut(session.token, session.person)
  return { login, name, roles, seed: seed.reveal(), freshFrom: now - (now % stepMs) + stepMs }
}

/** A step may end between making a code and its being looked at: then that of the next moment counts. */
async function tried<Value>(attempt: () => Promise<Result<Value, unknown>>): Promise<Value> {
  for (let left = triesMax; left > 0; left -= 1) {
    const done = await attempt()
    if (done.ok) return done.value
  }
  throw new Error('the demo knows its own people')
}
