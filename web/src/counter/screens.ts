// Every screen, who may open it, and the key that does: Alt and a digit, as the tabs show it.
import type { Role } from '../staff/session.ts'

export const screens = [
  { name: 'customer', digit: '1', roles: ['clerk', 'supervisor'] },
  { name: 'open', digit: '2', roles: ['clerk'] },
  { name: 'bind', digit: '3', roles: ['clerk'] },
  { name: 'cards', digit: '4', roles: ['clerk'] },
  { name: 'cash', digit: '5', roles: ['clerk'] },
  { name: 'pin', digit: '6', roles: ['clerk'] },
  { name: 'sim', digit: '7', roles: ['clerk'] },
  { name: 'close', digit: '8', roles: ['clerk'] },
  { name: 'till', digit: '9', roles: ['clerk', 'supervisor'] },
  { name: 'approvals', digit: '0', roles: ['clerk', 'supervisor'] },
  { name: 'acts', digit: '-', roles: ['clerk', 'supervisor'] },
] as const satisfies { name: string; digit: string; roles: Role[] }[]

export type Screen = (typeof screens)[number]['name']

/** These are done for the customer at the desk. */
export const needsCustomer: Screen[] = ['open', 'bind', 'cards', 'cash', 'pin', 'sim', 'close']

export function screensFor(roles: Role[]) {
  return screens.filter((screen) => screen.roles.some((role) => roles.includes(role)))
}

type Press = Pick<KeyboardEvent, 'altKey' | 'ctrlKey' | 'metaKey' | 'shiftKey' | 'code'>

export type Shortcut = Screen | 'next_customer' | null

/** By the place of the key: with Alt some keyboards write another letter. */
export function shortcutOf(press: Press, roles: Role[]): Shortcut {
  const { altKey, ctrlKey, metaKey, shiftKey, code } = press
  if (!altKey || ctrlKey || metaKey || shiftKey) return null
  if (code === 'KeyN') return 'next_customer'
  const digit = code === 'Minus' ? '-' : (/^(?:Digit|Numpad)(\d)$/.exec(code)?.[1] ?? '')
  return screensFor(roles).find((screen) => screen.digit === digit)?.name ?? null
}
