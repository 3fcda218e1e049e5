/**
 * Starts an application and lets it end well: at the first signal it stops listening, finishes what is
 * under way and closes the database; a second signal, or half a minute, ends it at once. Nothing is
 * lost then either: what was not acknowledged is taken up after the next start.
 */
import closeWithGrace from 'close-with-grace'
import type { Logger } from 'pino'

export interface Application {
  start(): Promise<{ readonly url: string }>
  close(): Promise<void>
}

const drainMs = 30_000

export async function run(
  application: Application,
  log: Logger,
  started: (url: string) => void,
): Promise<void> {
  const grace = closeWithGrace({ delay: drainMs, logger: log }, async ({ signal, err }) => {
    if (err) log.fatal({ err }, 'an error nobody handled')
    else log.info({ signal }, 'stopping')
    await application.close()
  })
  // Started by a program that has gone away: nobody is left to stop us.
  process.once('disconnect', () => grace.close())
  try {
    started((await application.start()).url)
  } catch (error) {
    grace.uninstall()
    await application.close()
    throw error
  }
}
