/** The demo, life after life: a reset closes everything, forgets it, and begins again on the same port. */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { choosePort } from '../composition/port.ts'
import type { Config } from '../config/index.ts'
import type { Log } from '../db/index.ts'
import type { Clock } from '../kernel/index.ts'
import { openDemo } from './open-demo.ts'

export { seedMerchants } from './seed.ts'

export async function composeDemo(config: Config, tools: { clock: Clock; log: Log }) {
  const port = await choosePort(config.host, config.port)
  const settled = { ...config, port }
  let changing: Promise<unknown> = Promise.resolve()
  const open = () => openDemo(settled, { ...tools, reset })
  let running = await open()

  function reset(): void {
    // A life that could not begin must not keep the next one from being tried, nor the end from coming.
    changing = changing
      .then(beginAgain)
      .catch((error: unknown) => tools.log.error({ err: error }, 'the demo cannot begin again'))
  }
  async function beginAgain(): Promise<void> {
    await running.close()
    for (const folder of ['postgres', 'simulators'])
      rmSync(join(config.dataDir, folder), { recursive: true, force: true })
    running = await open()
    await running.start()
  }

  return {
    start: () => running.start(),
    async close() {
      await changing
      await running.close()
    },
  }
}
