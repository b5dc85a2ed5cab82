import { configDefaults, defineConfig } from 'vitest/config';

/** Unit and Redis tests run from source; end-to-end tests start the built processes. `test:all` runs the slow ones too. */
export default defineConfig({
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source'] } },
  test: {
    include: [
      'packages/*/test/**/*.test.ts',
      'apps/*/test/**/*.test.ts',
      'stack/test/**/*.test.ts',
      'e2e/**/*.test.ts',
    ],
    exclude: [...configDefaults.exclude, 'e2e/slow/**'],
    globalSetup: ['e2e/graphs.ts'],
    // End-to-end tests mostly wait for other processes, so that more of them than cores may run at once.
    maxWorkers: 3,
    // Waits end by events. These only end what hangs, on the slowest machine too.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 120_000, interval: 50 } },
  },
});
