/** `npm run storage-faults`: what needs a disk of its own, long waits or PostgreSQL's own tools. */
import { defineConfig } from 'vitest/config'
import common from './vitest.config.ts'

export default defineConfig({
  ...common,
  test: {
    ...common.test,
    include: ['test/storage/**/*.fault.ts'],
    testTimeout: 600_000,
    hookTimeout: 600_000,
    fileParallelism: false,
  },
})
