// How long the session still lasts without an act, so that nobody is surprised in the middle of a form.
import { useCallback, useEffect, useRef, useState } from 'react'

const tickMs = 1_000
/** From here on it is told. */
const warnMs = 120_000

export type Idle = {
  /** Null while there is nothing to say. */
  leftMs: number | null
  active: () => void
}

export function useIdle(idleSeconds: number | null, onIdle: () => void): Idle {
  const since = useRef(performance.now())
  const [leftMs, setLeftMs] = useState<number | null>(null)
  const active = useCallback(() => {
    since.current = performance.now()
    setLeftMs(null)
  }, [])
  useEffect(() => {
    if (idleSeconds === null) return
    active()
    const timer = setInterval(() => {
      const left = idleSeconds * 1_000 - (performance.now() - since.current)
      setLeftMs(left <= warnMs ? Math.max(0, left) : null)
      if (left <= 0) onIdle()
    }, tickMs)
    return () => clearInterval(timer)
  }, [idleSeconds, active, onIdle])
  return { leftMs, active }
}
