/**
 * `telepurse serve` in a process of its own: for tests that kill it in the middle, and for benchmarks.
 * It is ready when its log says so, and it is ended by its pid.
 */
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

export interface ServeOptions {
  readonly databaseUrl: string
  /** `smpp://user:password@host:port?window=10` */
  readonly smscUrl: string
  readonly carrierUrl: string
  readonly carrierToken: string
  /** Other settings by their names. */
  readonly settings?: Readonly<Record<string, string>>
  /** Arguments of node that run the program; without it, the sources. */
  readonly program?: readonly string[]
}

export interface Served {
  readonly url: string
  readonly pid: number
  /** Log lines that speak of trouble. */
  readonly complaints: readonly string[]
  /** Asks it to finish what is under way and end. */
  stop(): Promise<void>
  /** Kill -9. */
  kill(): Promise<void>
}

const sources = [
  '--conditions=source',
  '--import',
  import.meta.resolve('tsx'),
  join(import.meta.dirname, '../server/src/main.ts'),
]
const complaintsMax = 1_000

export async function startServe(options: ServeOptions): Promise<Served> {
  const dataDir = mkdtempSync(join(tmpdir(), 'telepurse-serve-'))
  const child = spawn(process.execPath, [...(options.program ?? sources), 'serve'], {
    env: { ...process.env, ...settingsOf(options, dataDir) },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const complaints: string[] = []
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  const killOnExit = () => child.kill('SIGKILL')
  process.once('exit', killOnExit)
  const ready = new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stderr }).on('line', (line) => {
      const { msg, url, level } = entryOf(line)
      if (msg === 'ready' && url !== undefined) resolve(url)
      if (level !== 'info' && complaints.length < complaintsMax) complaints.push(line)
    })
    void ended.then(() => reject(new Error(`serve ended: ${complaints.slice(-20).join('\n')}`)))
  })
  const end = async (signal: NodeJS.Signals) => {
    child.kill(signal)
    await ended
    process.off('exit', killOnExit)
    rmSync(dataDir, { recursive: true, force: true })
  }
  return {
    url: await ready,
    pid: child.pid ?? 0,
    complaints,
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
  }
}

const settingsOf = (options: ServeOptions, dataDir: string) => ({
  TELEPURSE_DATA: dataDir,
  DATABASE_URL: options.databaseUrl,
  SMSC_URL: options.smscUrl,
  CARRIER_URL: options.carrierUrl,
  CARRIER_TOKEN: options.carrierToken,
  FIELD_KEY: randomBytes(32).toString('base64'),
  PORT: '0',
  ...options.settings,
})

/** A line that is no JSON comes from Node itself, and is trouble. */
function entryOf(line: string): { msg?: string; url?: string; level?: string } {
  try {
    return JSON.parse(line) as { msg?: string; url?: string; level?: string }
  } catch {
    return {}
  }
}
