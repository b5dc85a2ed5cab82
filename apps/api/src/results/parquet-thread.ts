import { parentPort, workerData } from 'node:worker_threads';
import { endpointName, resultColumns } from '@linkhaul/schemas';
import { createParquetFile } from './parquet-file.js';

/** Runs in its own thread. Takes lines, or null after the last, and answers each message with the bytes made of them. */
const file = createParquetFile(resultColumns(endpointName.parse(workerData)));

parentPort?.on('message', (lines: readonly object[] | null) => {
  const part = lines === null ? file.end() : file.add(lines);
  parentPort?.postMessage(part, [part.bytes.buffer]);
});
