import { configDefaults, defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { endpointForms } from './apps/dashboard/build/endpoint-forms.js';
import { itemColumns } from './apps/dashboard/build/item-columns.js';

/** The longest files, which begin first: at the end of a run none is left that the others have to wait for. */
const LONGEST = [
  'crash-points',
  'power-loss',
  'oracle',
  'reconciliation',
  'standstill',
  'gateway',
  'cli',
  'pages',
  'graph-process',
];

/** Then end-to-end tests, which mostly wait, before those that compute. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return files.toSorted((a, b) => rank(a.moduleId) - rank(b.moduleId) || a.moduleId.localeCompare(b.moduleId));
  }
}

function rank(file: string): number {
  const at = LONGEST.findIndex((name) => file.endsWith(`/${name}.test.ts`));
  if (at >= 0) return at;
  return file.includes('/e2e/') ? LONGEST.length : LONGEST.length + 1;
}

/** Unit and Redis tests run from source, end-to-end tests the built processes. The page's plugins read the built schemas. `test:all` runs the slow ones too. */
export default defineConfig({
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source'] } },
  // What the page is built with.
  plugins: [endpointForms(), itemColumns()],
  test: {
    include: [
      'packages/*/test/**/*.test.ts',
      'apps/*/test/**/*.test.ts',
      'stack/test/**/*.test.ts',
      'e2e/**/*.test.ts',
    ],
    exclude: [...configDefaults.exclude, 'e2e/slow/**'],
    globalSetup: ['e2e/graphs.ts'],
    // End-to-end tests mostly wait for other processes, so that more of them than cores may run at once. A fifth gains nothing.
    maxWorkers: 4,
    // A file that is imported once a worker, instead of once a test file, is a third of all work.
    isolate: false,
    sequence: { sequencer: LongestFirst },
    // Waits end by events. These only end what hangs, on the slowest machine too.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 120_000, interval: 100 } },
  },
});
