/** `npm run fuzz -- --seconds 600 [--seed N]`: the fuzz of all routes for as long as one likes. */
import { spawn } from 'node:child_process'
import { parseArgs } from 'node:util'

const { values } = parseArgs({
  options: { seconds: { type: 'string', default: '60' }, seed: { type: 'string' } },
})
const { seconds, seed } = values
if (!/^[1-9]\d{0,5}$/.test(seconds)) throw new Error('--seconds is a whole number')

const child = spawn(
  process.execPath,
  ['node_modules/vitest/vitest.mjs', 'run', 'test/security/fuzz.test.ts'],
  {
    stdio: 'inherit',
    env: { ...process.env, FUZZ_SECONDS: seconds, ...(seed !== undefined && { FUZZ_SEED: seed }) },
  },
)
child.once('exit', (code) => {
  process.exitCode = code ?? 1
})
