/** `telepurse demo`: everything in one process, with simulated carrier, message centre and phones. */
import { createLog } from '../config/index.ts'
import { systemClock } from '../kernel/index.ts'
import { say } from './output.ts'
import { configOrStop } from './place.ts'
import { run } from './run.ts'

export async function demo(): Promise<void> {
  const config = configOrStop({ LOG_LEVEL: 'warn' })
  const log = createLog(config)
  const { composeDemo } = await import('../demo/index.ts')
  const application = await composeDemo(config, { clock: systemClock, log })
  await run(application, log, (url) => say(`Telepurse demo is ready at ${url}  (Ctrl+C stops it)`))
}
