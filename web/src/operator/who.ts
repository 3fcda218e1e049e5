// Who is signed in, and what his roles leave him to do here. The server decides the same again.
import { createContext, useContext } from 'react'
import type { Person, Role } from '../staff/session.ts'

const rights = {
  look: ['viewer', 'operator', 'supervisor'],
  change: ['operator'],
  decide: ['operator', 'supervisor'],
  name: ['admin'],
} as const satisfies Record<string, readonly Role[]>

export const may = ({ roles }: Pick<Person, 'roles'>, right: keyof typeof rights): boolean =>
  rights[right].some((role) => roles.includes(role))

export const WhoContext = createContext<Person | null>(null)

export function useWho(): Person {
  const person = useContext(WhoContext)
  if (!person) throw new Error('only behind the door of the operator')
  return person
}

export const useMay = (right: keyof typeof rights): boolean => may(useWho(), right)
