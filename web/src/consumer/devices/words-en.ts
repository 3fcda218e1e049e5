// Devices and passkeys, in English.
import type { Translated } from '../../names.ts'
import type { devicesZh } from './words-zh.ts'

export const devicesEn: Translated<typeof devicesZh> = {
  title: 'Devices and passkeys',
  devices: 'Signed in on',
  here: 'This device',
  seen: 'Used {{time}}',
  since: 'Signed in {{time}}',
  end: 'Sign out',
  endOne: 'Sign out {{device}}',
  endAsk: 'Sign this device out?',
  endText: '{{device}}, used {{time}}. The wallet opens there only after signing in again.',
  endOthers: 'Sign out everywhere else',
  endOthersAsk: 'Sign out elsewhere ({{n}})?',
  endOthersText:
    'The wallet opens there only after signing in again; this device stays signed in. Of a lost device, remove the passkey too.',
  ended: 'Signed out.',
  passkeys: 'Passkeys',
  none: 'No passkey yet.',
  made: 'Added {{time}}',
  used: 'Used {{time}}',
  unused: 'Not used yet',
  current: 'It signed this device in',
  confirms: 'It can confirm payments in place of the PIN',
  signsInOnly: 'It signs in only: it was added without the PIN',
  remove: 'Remove',
  removeOne: 'Remove the passkey of {{device}}',
  removeSheet: 'Remove a passkey',
  removeText:
    'It signs in no more, and other devices that it signed in are signed out. A code by text still signs you in.',
  removed:
    'Removed. Delete it in the password settings of that device too, or it will be offered again.',
  add: 'Add a passkey',
  addText:
    'With a passkey, your fingerprint or face signs you in on this device without a text, and confirms payments if you add it with your PIN.',
  added: 'Added. Next time your fingerprint or face signs you in.',
  already: 'This device has a passkey already.',
  unsupported: 'This browser has no passkeys.',
  recent: 'You have no PIN to use now: do this within 10 minutes of signing in.',
}
