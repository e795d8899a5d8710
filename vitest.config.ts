import { defineConfig } from 'vitest/config'

/**
 * Forks, not threads: the embedded ClickHouse engine belongs to one process and aborts inside worker threads. Two at a
 * time, because each file brings its own engine and the machines that run this have two cores.
 */
export default defineConfig({
  test: {
    pool: 'forks',
    maxWorkers: 2,
    include: ['test/**/*.test.ts', 'services/**/*.test.ts', 'db/**/*.test.ts'],
    globalSetup: ['test/support/global-postgres.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    teardownTimeout: 20_000,
  },
})
