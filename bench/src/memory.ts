/** How much memory processes hold, from the kernel's accounting (Linux). */
import { readdirSync, readFileSync } from 'node:fs'

/** The most this process has held at once, in megabytes; null where the kernel does not tell. */
export const peakMbOf = (pid: number): number | null => {
  const status = statusOf(pid)
  return status ? mb(status, 'VmHWM') : null
}

/** What this process holds now. */
export const ownMb = (): number => Math.round(process.memoryUsage.rss() / 2 ** 20)

/** A process and those it started; memory they share is counted once. */
export function familyMbOf(pid: number): number | null {
  const statuses = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => statusOf(Number(name)) ?? [])
    .filter((status) => status.get('Pid') === String(pid) || status.get('PPid') === String(pid))
  if (statuses.length === 0) return null
  const own = statuses.reduce((sum, status) => sum + mb(status, 'RssAnon'), 0)
  return Math.round(own + Math.max(...statuses.map((status) => mb(status, 'RssShmem'))))
}

const mb = (status: ReadonlyMap<string, string>, name: string) =>
  Math.round(Number.parseInt(status.get(name) ?? '0', 10) / 1024)

function statusOf(pid: number): ReadonlyMap<string, string> | undefined {
  try {
    const lines = readFileSync(`/proc/${pid}/status`, 'utf8').split('\n')
    return new Map(lines.map((line) => line.split(/:\s+/, 2) as [string, string]))
  } catch {
    return undefined
  }
}
