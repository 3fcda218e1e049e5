/** The description of the whole API, as the running demo serves it: every way to prove who one is has a name. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readConfig } from '../server/src/config/index.ts'
import { composeDemo } from '../server/src/demo/index.ts'
import { systemClock } from '../server/src/kernel/index.ts'
import { installDatabaseIn } from './database.ts'

interface Description {
  readonly openapi: string
  readonly paths: Readonly<
    Record<string, Readonly<Record<string, { readonly security?: object[] }>>>
  >
  readonly components: { readonly securitySchemes: object }
}

test('OpenAPI 3.1 describes merchant, carrier-billing and operator routes, and its page opens', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'telepurse-description-'))
  const config = readConfig({ TELEPURSE_DATA: folder, PORT: '0', LOG_LEVEL: 'silent' })
  if (!config.ok) throw new Error(config.refusal.join())
  await installDatabaseIn(folder)
  const silent = { info: () => {}, warn: () => {}, error: () => {} }
  const demo = await composeDemo(config.value, { clock: systemClock, log: silent })
  try {
    const { url } = await demo.start()
    const description = (await (await fetch(`${url}/docs/json`)).json()) as Description
    expect(description.openapi).toMatch(/^3\.1\./)
    expect(Object.keys(description.paths)).toEqual(
      expect.arrayContaining([
        '/v1/payments',
        '/v1/statements/{date}',
        '/v1/webhook-endpoints',
        '/carrier-billing/v0.5/payments',
        '/operator/merchants',
      ]),
    )
    const used = Object.values(description.paths)
      .flatMap((path) => Object.values(path))
      .flatMap((operation) => operation.security ?? [])
      .flatMap((one) => Object.keys(one))
    const named = Object.keys(description.components.securitySchemes)
    expect([...new Set(used)].filter((name) => !named.includes(name))).toEqual([])
    expect((await fetch(`${url}/docs/`)).headers.get('content-type')).toContain('text/html')
  } finally {
    await demo.close()
    rmSync(folder, { recursive: true, force: true })
  }
}, 120_000)
