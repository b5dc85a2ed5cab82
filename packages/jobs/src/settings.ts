import { parseStorageUrl } from '@linkhaul/storage';
import { z } from 'zod';

const storageUrl = z.string().transform((text, ctx) => {
  const settings = parseStorageUrl(text);
  if (settings !== null) return settings;
  ctx.addIssue('must be redis: or file:///a/directory');
  return z.NEVER;
});

/** The part of their environments in which API and workers must agree. */
export const sharedSettings = {
  REDIS_URL: z.url({ protocol: /^rediss?$/ }).default('redis://127.0.0.1:6379'),
  REDIS_PREFIX: z
    .string()
    .regex(/^[\w.-]+$/)
    .default('linkhaul'),
  STORAGE_URL: z.string().default('redis:').pipe(storageUrl),
  WEBHOOK_SECRET: z
    .string()
    .regex(/^whsec_[A-Za-z0-9+/]+=*$/, 'must be whsec_ and base64')
    .optional(),
};
