import { parentPort, workerData } from 'node:worker_threads';
import { endpointName, resultColumns } from '@linkhaul/schemas';
import { createParquetFile } from './parquet-file.js';

/** Runs as a thread of its own: takes lines, null at their end, and answers each time with the bytes that are made. */
const file = createParquetFile(resultColumns(endpointName.parse(workerData)));

parentPort?.on('message', (lines: readonly object[] | null) => {
  const part = lines === null ? file.end() : file.add(lines);
  parentPort?.postMessage(part, [part.bytes.buffer]);
});
