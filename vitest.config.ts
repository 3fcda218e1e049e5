import { defineConfig } from 'vitest/config'

const all = ['**/*.test.{ts,tsx}']
const never = ['**/node_modules/**', '**/dist/**', '.cache/**']
const alone = ['test/**', 'server/src/{keys,db,commands,demo,rails}/**'].map(
  (place) => `${place}/*.test.ts`,
)

export default defineConfig({
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source'] } },
  test: {
    // Most files share what they import with the file before them in the same process, which saves a third of
    // the time; those that end processes, hold tokens or measure the whole begin anew.
    projects: [
      {
        extends: true,
        test: { name: 'shared', isolate: false, include: all, exclude: [...never, ...alone] },
      },
      { extends: true, test: { name: 'alone', include: alone, exclude: never } },
    ],
    globalSetup: ['test/postgres.setup.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    pool: 'forks',
    maxWorkers: 3,
  },
})
