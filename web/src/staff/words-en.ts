// The door of the staff's pages, in English.
import type { Translated } from '../names.ts'
import type { staffZh } from './words-zh.ts'

export const staffEn: Translated<typeof staffZh> = {
  signOut: 'Sign out',
  loading: 'Opening',
  again: 'Connect again',
  idle: 'Signs out in {{left}}. Any step you take extends it.',
  demo: 'Demo: fill in',
  who: '{{role}} {{login}}',
  role: {
    clerk: 'Clerk',
    supervisor: 'Supervisor',
    viewer: 'Viewer',
    operator: 'Operator',
    admin: 'Admin',
  },
  signIn: {
    title: 'Sign in',
    lead: 'Login, password and code at once.',
    over: 'Your session has ended, please sign in. What was not sent has been cleared.',
    left: 'You are signed out.',
    login: 'Login',
    loginMissing: 'Enter your login.',
    password: 'Password',
    code: 'Code',
    codeHint: 'Six digits of your authenticator; each counts once.',
    codeMissing: 'Enter the code of 6 digits.',
    submit: 'Sign in',
  },
  newPassword: {
    title: 'Change your initial password first',
    lead: '{{name}}, the password you were given opens only this page.',
    current: 'Initial password',
    next: 'New password',
    nextHint: 'At least 12 characters, not your login. A sentence is fine.',
    short: 'At least 12 characters.',
    repeat: 'New password again',
    differs: 'The two are not the same.',
    codeHint: 'Use the next code; the one you signed in with is spent.',
    submit: 'Change and go on',
  },
}
