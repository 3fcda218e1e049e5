// Who works here: a session of the counter or of the operator's page, as the server answers it.

export type Role = 'clerk' | 'supervisor' | 'viewer' | 'operator' | 'admin'

export type Person = { login: string; name: string; office: string; roles: Role[] }

export type StaffSession = {
  person: Person
  csrfToken: string
  idleSeconds: number
  passwordIsInitial: boolean
}
