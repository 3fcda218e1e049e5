// The server's clock between two documents: its last moment plus what has passed here since.
import { useEffect, useState } from 'react'

type Reading = { now: number; arrivedAt: number; running: boolean }

const tickMs = 250

export function useNow({ now, arrivedAt, running }: Reading): number {
  const [, redraw] = useState(0)
  useEffect(() => {
    if (!running) return
    const timer = setInterval(() => redraw((count) => count + 1), tickMs)
    return () => clearInterval(timer)
  }, [running])
  return running ? now + Math.max(0, performance.now() - arrivedAt) : now
}
