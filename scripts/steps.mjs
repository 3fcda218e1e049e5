// What `npm start` and `npm test` have in common: say each step with its time, install, build.
// Plain Node, because nothing is installed yet when this runs.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = dirname(dirname(fileURLToPath(import.meta.url)))
export const cache = join(root, '.cache')

const begun = process.hrtime.bigint()
const elapsed = () => `${(Number(process.hrtime.bigint() - begun) / 1e9).toFixed(1).padStart(6)} s`

export const say = (text) => console.log(`${elapsed()}  ${text}`)

export function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major > 20 || (major === 20 && minor >= 20)) return
  console.error(
    `Telepurse needs Node 20.20 or later, this is ${process.versions.node}: https://nodejs.org`,
  )
  process.exit(1)
}

/** The environment of child processes: with a home that can be written, or npm and browsers fail. */
export const environment = withHome(process.env)

function withHome(given) {
  const home = homedir()
  if (canWrite(home)) return given
  const own = join(cache, 'home')
  mkdirSync(own, { recursive: true })
  const userconfig = given.npm_config_userconfig ?? join(home, '.npmrc')
  return {
    ...given,
    HOME: own,
    npm_config_cache: join(own, '.npm'),
    npm_config_userconfig: userconfig,
  }
}

function canWrite(folder) {
  try {
    accessSync(folder, constants.W_OK)
    return true
  } catch {
    return false
  }
}

/** Runs a program in the project's root, its output shown. Answers whether it ended well. */
export function run(program, args, env = environment) {
  const { status, error } = spawnSync(program, args, {
    cwd: root,
    env,
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: process.platform === 'win32' && program === 'npm',
  })
  if (error) console.error(`${program}: ${error.message}`)
  return status === 0
}

/** Installs what package-lock.json says, unless that has been done since it last changed. */
export function install() {
  const installed = join(root, 'node_modules', '.package-lock.json')
  if (existsSync(installed) && modified(installed) >= modified(join(root, 'package-lock.json')))
    return
  say('installing packages (npm ci)')
  if (!run('npm', ['ci', '--loglevel=error', '--no-audit', '--no-fund']))
    stop('npm ci failed: see above')
  say('packages are installed')
}

const modified = (file) => statSync(file).mtimeMs

export function stop(line) {
  console.error(line)
  process.exit(1)
}

const sources = ['protocols', 'simulators', 'server', 'web', 'bench']
const beside = ['package-lock.json', 'tsconfig.json', 'tsconfig.base.json']
const passedBy = new Set(['node_modules', 'dist', 'data', '.cache'])
const results = ['server/dist/main.js', 'web/dist/demo.html']
const stamp = join(cache, 'built')

/** Whether what is built was made from the present sources. */
export function isBuilt() {
  if (!existsSync(stamp) || !results.every((file) => existsSync(join(root, file)))) return false
  return readFileSync(stamp, 'utf8') === fingerprint()
}

export function rememberBuild() {
  mkdirSync(cache, { recursive: true })
  writeFileSync(stamp, fingerprint())
}

/** Names, sizes and times of all source files: also notices one that was deleted or put back. */
function fingerprint() {
  const hash = createHash('sha256')
  const add = (path) => {
    const { size, mtimeMs } = statSync(join(root, path))
    hash.update(`${path} ${size} ${mtimeMs}\n`)
  }
  const walk = (folder) => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      const path = `${folder}/${entry.name}`
      if (passedBy.has(entry.name) || entry.name.endsWith('.tsbuildinfo')) continue
      if (entry.isDirectory()) walk(path)
      else if (entry.isFile()) add(path)
    }
  }
  beside.forEach(add)
  sources.forEach(walk)
  return hash.digest('hex')
}
