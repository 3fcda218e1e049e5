/** `telepurse serve`: the server, on PostgreSQL or the embedded database, with real links. */
import { createLog, missingForServe, version } from '../config/index.ts'
import { systemClock } from '../kernel/index.ts'
import { CannotGoOn } from './output.ts'
import { configOrStop } from './place.ts'
import { run } from './run.ts'

export async function serve(): Promise<void> {
  const config = configOrStop()
  const missing = missingForServe(config)
  if (missing.length > 0) throw new CannotGoOn(...missing)
  const log = createLog(config)
  // Loaded here, so that the other commands start without the whole server.
  const { composeServer } = await import('../compose.ts')
  const application = await composeServer(config, { clock: systemClock, log })
  await run(application, log, (url) => log.info({ url, version: version() }, 'ready'))
}
