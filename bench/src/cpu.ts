/** What processes have used of the processor, from the kernel's own accounting (Linux). */
import { readdirSync, readFileSync } from 'node:fs'

/** Clock ticks a second: the same on every Linux a person meets. */
const ticks = 100

interface Stat {
  readonly parent: number
  readonly seconds: number
  readonly childSeconds: number
}

/** Seconds of this process alone. */
export const ownCpuSeconds = (): number => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}

/** Seconds of a process, and of those it started (PostgreSQL has one for each connection). */
export function cpuSecondsOf(pid: number): number | null {
  const own = statOf(pid)
  if (!own) return null
  const children = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => statOf(Number(name)) ?? [])
    .filter((stat) => stat.parent === pid)
  return own.seconds + own.childSeconds + children.reduce((sum, stat) => sum + stat.seconds, 0)
}

function statOf(pid: number): Stat | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The second field is the name in brackets, and may hold spaces.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    const seconds = (from: number) => (Number(fields[from]) + Number(fields[from + 1])) / ticks
    return { parent: Number(fields[1]), seconds: seconds(11), childSeconds: seconds(13) }
  } catch {
    return undefined
  }
}
