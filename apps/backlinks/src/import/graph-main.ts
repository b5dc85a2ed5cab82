#!/usr/bin/env node
import { runGraph } from './run-graph.js';

process.exitCode = await runGraph(process.argv.slice(2), process);
