// A thread is read from its end: when something new comes, the end is on screen.
import { type RefObject, useEffect, useRef } from 'react'

export function useScrollToEnd(lastId: string | undefined): RefObject<HTMLUListElement | null> {
  const list = useRef<HTMLUListElement>(null)
  useEffect(() => {
    const element = list.current
    if (element && lastId) element.scrollTop = element.scrollHeight
  }, [lastId])
  return list
}
