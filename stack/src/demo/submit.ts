import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { LinkhaulClient } from '@linkhaul/client';
import { endpointName, endpointOf, type Job } from '@linkhaul/schemas';
import { examplePath } from '../repository.js';

const TAG = 'demo';
/**
 * Submits the example lists to all endpoints. Bulk endpoints get long lists as gzipped text. Others get the short list as JSON; if
 * their rows are sets, as one set.
 */
export async function submitExamples(client: LinkhaulClient): Promise<Job[]> {
  const jobs: Job[] = [];
  const trio = (await readFile(examplePath('trio.txt'), 'utf8')).trimEnd().split('\n');
  for (const endpoint of endpointName.options) {
    const fields = { endpoint, tag: TAG };
    const { kind } = endpointOf(endpoint);
    const targets = kind === 'set' ? [trio.join(' ')] : trio;
    const isLong = kind === 'bulk';
    jobs.push(
      isLong ? await client.submitText(fields, exampleLists(), { gzip: true }) : await client.submit(fields, targets),
    );
  }
  return jobs;
}

/** Both files end with a line break, so they can be concatenated. */
async function* exampleLists(): AsyncGenerator<Uint8Array> {
  yield* createReadStream(examplePath('domains.txt'));
  yield* createReadStream(examplePath('pages.txt'));
}
