// Words of the operator's page of people, in English.
import type { Translated } from '../../names.ts'
import type { operatorPeopleZh } from './words-zh.ts'

export const operatorPeopleEn: Translated<typeof operatorPeopleZh> = {
  title: 'People',
  none: 'Nobody yet.',
  add: 'Add a person',
  addAction: 'Add',
  save: 'Save',
  login: 'Login',
  loginHint: '2 to 32 small letters, digits or . _ -, to sign in with. It never changes.',
  name: 'Name',
  office: 'Hall or department',
  roles: 'Roles',
  added: 'Added',
  lockedUntil: 'Locked until',
  own: 'Another admin changes your own account.',
  rolesEnd: 'The person is signed out at once and signs in again.',
  may: {
    viewer: 'Sees merchants, customers, differences and the log, and changes nothing.',
    operator:
      'Sees it, changes merchants, customers, wallets and points, and asks for what a second person agrees to.',
    supervisor: 'Sees it, and agrees to what others ask for; at the counter too.',
    clerk: 'Serves customers at the counter, with a till.',
    admin: 'Says who works here, and has no other role.',
  },
  wrong: {
    login: '2 to 32 small letters, digits or . _ -.',
    name: 'Enter the name.',
    office: 'Enter the hall or the department.',
    roles: 'Choose a role at least.',
  },
  change: {
    roles: 'Change roles',
    reset: 'New password and code',
    unlock: 'End the lock',
    disable: 'Block',
    enable: 'Let in again',
  },
  sure: {
    reset: {
      title: 'A new password and second factor for {{name}}?',
      text: 'The old ones end at once, and so do the sessions of this person.',
    },
    disable: {
      title: 'Block {{name}}?',
      text: 'Nobody signs in by this login from now on, and its sessions end at once.',
    },
  },
  handover: {
    title: 'For {{name}} ({{login}})',
    lead: 'Shown this once. Hand it over in person; an authenticator reads the square, and the password is changed at the first sign-in.',
    square: 'Square for an authenticator',
    password: 'Initial password',
    secret: 'To type in where nothing can be scanned',
    done: 'Handed over, close',
  },
}
