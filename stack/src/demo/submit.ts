import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { LinkhaulClient } from '@linkhaul/client';
import type { Job } from '@linkhaul/schemas';
import { examplePath } from '../repository.js';

const TAG = 'demo';
const BULK = ['bulk_backlinks', 'bulk_pages_summary'] as const;
const LIST = ['domain_pages', 'domain_pages_summary', 'referring_domains'] as const;

/** Submits the example lists to all five endpoints: long lists as gzipped text, the short list as JSON. */
export async function submitExamples(client: LinkhaulClient): Promise<Job[]> {
  const jobs: Job[] = [];
  for (const endpoint of BULK) {
    jobs.push(await client.submitText({ endpoint, tag: TAG }, exampleLists(), { gzip: true }));
  }
  const trio = (await readFile(examplePath('trio.txt'), 'utf8')).trimEnd().split('\n');
  for (const endpoint of LIST) {
    jobs.push(await client.submit({ endpoint, tag: TAG }, trio));
  }
  return jobs;
}

/** Both files end with a line break, so they can be concatenated. */
async function* exampleLists(): AsyncGenerator<Uint8Array> {
  yield* createReadStream(examplePath('domains.txt'));
  yield* createReadStream(examplePath('pages.txt'));
}
