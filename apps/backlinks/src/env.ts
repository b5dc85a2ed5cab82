import { envForm, serverSettings } from '@linkhaul/runtime';
import { z } from 'zod';
import { addressOf } from './clickhouse/address.js';

const memorySize = z.string().regex(/^\d+(\.\d+)?\s?[KMGT]i?B$/, 'must be a size such as 2GB');

const clickHouse = z.string().transform((text, ctx) => {
  const address = addressOf(text);
  if (!('problem' in address)) return address;
  ctx.addIssue(address.problem);
  return z.NEVER;
});

/** The whole environment of this process. */
export const backlinksEnv = z.object({
  HOST: z.string().default('127.0.0.1'),
  PORT: envForm.port().default(8090),
  ...serverSettings,
  LOG_LEVEL: envForm.logLevel().default('info'),
  BACKLINKS_LOGIN: z.string().default('local'),
  BACKLINKS_PASSWORD: z.string().optional(),
  BACKLINKS_TOKEN: z.string().optional(),
  BACKLINKS_CONTROL: envForm.flag().default(false),
  BACKLINKS_MEMORY: memorySize.default('2GB'),
  BACKLINKS_MAX_PER_MINUTE: envForm.count().default(2000),
  BACKLINKS_MAX_IN_FLIGHT: envForm.count().default(30),
  BACKLINKS_LATENCY_MS: envForm.milliseconds(0, 600_000).default(0),
  BACKLINKS_DATA: z.string().default('./.linkhaul/backlinks.duckdb'),
  BACKLINKS_ENGINE: clickHouse.optional(),
  BACKLINKS_SEED: envForm.count(0, 2_147_483_647).default(1),
  BACKLINKS_DOMAINS: envForm.count(1, 1_000_000).default(20_000),
  BACKLINKS_LINKS: envForm.count(1000, 50_000_000).default(1_500_000),
});

export type BacklinksEnv = z.output<typeof backlinksEnv>;

/** What `linkhaul-graph` reads of it. DuckDB counts its buffers only: the process takes up to twice as much. */
export const graphEnv = backlinksEnv
  .pick({ BACKLINKS_DATA: true, BACKLINKS_ENGINE: true })
  .extend({ BACKLINKS_MEMORY: memorySize.default('800MB') });
