/** People of the operator without their tables: a cookie says who somebody is, and all codes but one are wrong. */

import { createGuesses, operatorGuesses, staffGuesses } from '../src/channels/http/index.ts'
import type { OperatorRoutesOptions } from '../src/channels/operator/index.ts'
import { type Clock, refuse, Secret } from '../src/kernel/index.ts'
import type { KeptPerson } from '../src/staff/index.ts'

export const operatorToken = 'operator-token-of-at-least-32-characters'
export const secondCode = '246810'
/** What somebody is answered whose login is locked. */
export const lockedCode = '999999'
const supervisors = ['wu.min', 'he.jun', 'li.na', 'chen.li']
const csrfToken = 'csrf-token'
const tokenLength = 43

/** With the token, as a program. */
export const asProgram = { authorization: `Bearer ${operatorToken}`, 'x-operator': 'Chen Li' }

/** As somebody who is signed in, who changes and agrees. */
export const asPerson = (login: string) => ({
  cookie: `operator=${login.replaceAll('.', '-').padEnd(tokenLength, '_')}`,
  'x-csrf-token': csrfToken,
})

export function operatorPeople(clock: Clock) {
  const staff = {
    signIn: {
      sessionOf: async (token: Secret) => {
        const login = token.reveal().replace(/_+$/, '').replaceAll('-', '.')
        return { person: personOf(login), csrfToken }
      },
      async proveSupervisor(login: string, code: string) {
        if (code === lockedCode) return refuse({ lockedMs: 60_000 })
        return supervisors.includes(login) && code === secondCode
          ? { ok: true, value: personOf(login) }
          : refuse('code_wrong')
      },
      signIn: async () => refuse('wrong'),
      signOut: async () => {},
      changePassword: async () => refuse('wrong'),
    },
    people: {} as never,
  } satisfies OperatorRoutesOptions['staff']
  return {
    ...{ staff, token: new Secret(operatorToken), https: false },
    wrongTokens: createGuesses(operatorGuesses, clock),
    wrongSignIns: createGuesses(staffGuesses, clock),
  }
}

const personOf = (login: string): KeptPerson => ({
  ...{ id: '01890000-0000-7000-8000-000000000001', login, name: login, office: 'Head office' },
  ...{ roles: ['operator', 'supervisor'], password: '', passwordIsInitial: false, sealedTotp: '' },
  ...{ totpStep: 0, wrong: 0, lockedUntil: 0, disabledAt: null, createdAt: 0 },
})
