import { openImportedGraph } from './imported-graph.js';
import { setsAgree } from './oracle/sets-agree.js';
import { serveAllTests } from './serve-tests.js';

setsAgree(serveAllTests({ settings: { balance_usd: 100_000 } }, openImportedGraph));
