import type { Case } from './case.js';
import { PROCESSES } from './cases/processes.js';
import { RECEIVERS } from './cases/receivers.js';
import { REDIS } from './cases/redis.js';
import { STORAGE } from './cases/storage.js';
import { UPSTREAM } from './cases/upstream.js';

/** Every case, in the order of the table. */
export const CASES: readonly Case[] = [...PROCESSES, ...REDIS, ...STORAGE, ...UPSTREAM, ...RECEIVERS];
