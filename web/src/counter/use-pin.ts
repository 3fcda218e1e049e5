// A PIN is in the field and nowhere else: the page knows how many digits there are, and reads them once.
import { type RefObject, useCallback, useRef, useState } from 'react'

export type Pin = {
  reference: RefObject<HTMLInputElement | null>
  typed: number
  onTyped: (digits: number) => void
  /** Reads it and empties the field. */
  take: () => string
}

export function usePin(): Pin {
  const reference = useRef<HTMLInputElement>(null)
  const [typed, setTyped] = useState(0)
  const take = useCallback(() => {
    const value = reference.current?.value ?? ''
    if (reference.current) reference.current.value = ''
    setTyped(0)
    return value
  }, [])
  return { reference, typed, onTyped: setTyped, take }
}
