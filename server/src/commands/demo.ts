/** `telepurse demo`: everything in one process, with simulated carrier, message centre and phones. */
import { createLog, keptSecret } from '../config/index.ts'
import { systemClock } from '../kernel/index.ts'
import { say } from './output.ts'
import { configOrStop } from './place.ts'
import { run } from './run.ts'

export async function demo(): Promise<void> {
  const given = configOrStop({ LOG_LEVEL: 'warn' })
  const config = {
    ...given,
    fieldKey: given.fieldKey ?? keptSecret(given.dataDir, 'field-key'),
    operatorToken: given.operatorToken ?? keptSecret(given.dataDir, 'operator-token'),
  }
  const log = createLog(config)
  const { composeDemo } = await import('../demo/index.ts')
  const application = await composeDemo(config, { clock: systemClock, log })
  await run(application, log, (url) => {
    // `npm start` waits for this and says it in its own way.
    if (process.send) process.send({ url })
    else say(`ready: open ${url} in a browser; Ctrl+C stops it`)
  })
}
