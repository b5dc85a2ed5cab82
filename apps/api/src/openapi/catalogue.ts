import { jobs } from './jobs.js';
import { keys } from './keys.js';
import { money } from './money.js';
import type { Group } from './operation.js';
import { results } from './results.js';
import { service } from './service.js';
import { storage } from './storage.js';
import { tags } from './tags.js';
import { webhooks } from './webhooks.js';

/** Every route that the service has, in the order of the page. One that is missing here fails a test. */
export const CATALOGUE: readonly Group[] = [jobs, results, tags, money, webhooks, keys, storage, service];
