/** Starts one PostgreSQL for the whole test run and tells every test where it is. */
import type { TestProject } from 'vitest/node'
import { startPostgres } from './postgres.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Empty when the run is for PGlite alone. */
    readonly postgresUrl: string
  }
}

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  if (process.env.TELEPURSE_DB === 'pglite') {
    project.provide('postgresUrl', '')
    return async () => {}
  }
  const server = await startPostgres({ fsync: process.env.TELEPURSE_TEST_FSYNC === 'on' })
  console.log(`tests run on ${server.version} at ${server.url}`)
  project.provide('postgresUrl', server.url)
  return () => server.stop()
}
