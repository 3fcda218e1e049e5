// Time that runs down, once started.
import { useEffect, useState } from 'react'

const tickMs = 500

export function useCountdown() {
  const [endsAt, setEndsAt] = useState(0)
  const [now, setNow] = useState(() => performance.now())
  const leftMs = Math.max(0, endsAt - now)
  const isRunning = leftMs > 0
  useEffect(() => {
    if (!isRunning) return
    const timer = setInterval(() => setNow(performance.now()), tickMs)
    return () => clearInterval(timer)
  }, [isRunning])
  return {
    leftMs,
    start(ms: number) {
      setNow(performance.now())
      setEndsAt(performance.now() + ms)
    },
  }
}
