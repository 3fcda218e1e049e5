// A value that has stood still for a while: what is asked for while somebody types.
import { useEffect, useState } from 'react'

export function useDebounced<T>(value: T, waitMs: number): T {
  const [still, setStill] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setStill(value), waitMs)
    return () => clearTimeout(timer)
  }, [value, waitMs])
  return still
}
