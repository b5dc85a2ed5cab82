/** The graph and its answers without HTTP, for benchmarks. */
export { addressOf } from './clickhouse/address.js';
export { loadGraph } from './clickhouse/load.js';
export { openClickHouse } from './clickhouse/open.js';
export { exampleTargets } from './examples.js';
export { connectTo, type Graph, openGraph } from './graph/open.js';
export { createQueries, type Queries } from './graph/queries.js';
export { seedTargetsOf } from './graph/seed-targets.js';
export type { Params } from './graph/statements.js';
export { PART_COLUMNS, PART_VERSION, type PartHead } from './import/part.js';
export { runTask } from './run-task.js';
