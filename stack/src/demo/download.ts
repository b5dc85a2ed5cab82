import { createWriteStream, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { LinkhaulClient } from '@linkhaul/client';
import type { Job, Result } from '@linkhaul/schemas';

/** Writes the results of each job to `<endpoint>.ndjson`. Returns the first few `ok` rows of each endpoint. */
export async function downloadResults(
  client: LinkhaulClient,
  jobs: readonly Job[],
  dir: string,
): Promise<Map<string, Result[]>> {
  mkdirSync(dir, { recursive: true });
  const samples = new Map<string, Result[]>();
  for (const { id, endpoint } of jobs) {
    const sample: Result[] = [];
    samples.set(endpoint, sample);
    const file = createWriteStream(join(dir, `${endpoint}.ndjson`));
    await pipeline(Readable.from(lines(client.results(id), sample)), file);
  }
  return samples;
}

const SAMPLE_SIZE = 5;

async function* lines(results: AsyncIterable<Result>, sample: Result[]): AsyncGenerator<string> {
  for await (const result of results) {
    if (result.status === 'ok' && sample.length < SAMPLE_SIZE) sample.push(result);
    yield `${JSON.stringify(result)}\n`;
  }
}
