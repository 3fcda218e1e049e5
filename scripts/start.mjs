// `npm start`: from a fresh clone to the running demo. Safe to run again at any time.
import { spawn } from 'node:child_process'
import { createServer } from 'node:net'
import { join } from 'node:path'
import {
  checkNode,
  environment,
  install,
  isBuilt,
  rememberBuild,
  root,
  run,
  say,
  stop,
} from './steps.mjs'

checkNode()
install()
if (!isBuilt()) {
  say('building')
  if (!run('npm', ['run', 'build', '--silent'])) stop('the build failed: see above')
  rememberBuild()
  say('built')
}
const port = environment.PORT || String(await freePort(8080))
say('starting the demo')
const demo = spawn(process.execPath, [join(root, 'server/dist/main.js'), 'demo'], {
  cwd: root,
  env: { ...environment, PORT: port },
  // Over the channel the demo says when it is ready, and sees when we are gone.
  stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  // A group of its own: Ctrl+C then reaches it once, from us, and not from npm and the terminal too.
  detached: process.platform !== 'win32',
})
let passedAt = 0
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
  process.on(signal, () => {
    if (performance.now() - passedAt < 500) return
    passedAt = performance.now()
    demo.kill(signal)
  })
demo.on('message', ({ url }) => {
  say(openBrowser(url) ? `opened ${url} in your browser` : `ready: open ${url} in a browser`)
  say('Ctrl+C stops it')
})
demo.on('exit', (code) => process.exit(code ?? 1))

/** The first free port from `first` on, said when it is another one. */
async function freePort(first) {
  for (let candidate = first; candidate < first + 100; candidate += 1) {
    if (!(await isFree(candidate))) continue
    if (candidate !== first)
      say(`port ${first} is in use, taking ${candidate} (PORT names another)`)
    return candidate
  }
  return stop(`ports ${first} to ${first + 99} are all in use: set PORT`)
}

function isFree(candidate) {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(candidate, environment.HOST || '127.0.0.1', () =>
      server.close(() => resolve(true)),
    )
  })
}

/** Only where someone sits in front of a screen. */
function openBrowser(url) {
  if (!process.stdout.isTTY || environment.CI) return false
  const opener = { darwin: ['open'], win32: ['cmd', '/c', 'start', ''] }[process.platform] ?? [
    'xdg-open',
  ]
  const hasScreen =
    process.platform !== 'linux' || environment.DISPLAY || environment.WAYLAND_DISPLAY
  if (!hasScreen || environment.SSH_CONNECTION) return false
  const browser = spawn(opener[0], [...opener.slice(1), url], { stdio: 'ignore', detached: true })
  browser.once('error', () => say(`open ${url} in a browser`))
  browser.unref()
  return true
}
