/** What the pages where staff works send and are answered alike. */
import { z } from 'zod'
import { idleMs, type Person, roles, type Session } from '../../staff/index.ts'
import { fields } from '../http/index.ts'

export const role = z.enum(roles)
export const loginName = z.string().regex(/^[a-z0-9][a-z0-9._-]{1,31}$/, 'must be a login')

export const personView = z.object({
  login: z.string(),
  name: z.string(),
  office: z.string(),
  roles: z.array(role),
})

export const viewOfPerson = ({
  login,
  name,
  office,
  roles: held,
}: Person): z.infer<typeof personView> => ({ login, name, office, roles: [...held] })

export const sessionView = z.object({
  person: personView,
  csrfToken: z.string().describe('To be sent as `X-CSRF-Token` with whatever is not a GET'),
  idleSeconds: z.int().describe('The session ends after so long without an act'),
  passwordIsInitial: z.boolean().describe('Nothing goes until the password is changed'),
})

export type SessionView = z.infer<typeof sessionView>

export const viewOfSession = ({ person, csrfToken }: Session): SessionView => ({
  ...{ person: viewOfPerson(person), csrfToken, idleSeconds: idleMs / 1_000 },
  passwordIsInitial: person.passwordIsInitial,
})

export const signInBody = z.strictObject({
  login: loginName,
  password: z.string().min(1).max(200),
  code: fields.sixDigits.describe('Of the authenticator'),
})

export const passwordBody = z.strictObject({
  current: z.string().min(1).max(200),
  next: z.string().min(1).max(200),
  code: fields.sixDigits,
})
