import { z } from 'zod';

/** What a key may do, each all that the one before it may. */
export const KEY_SCOPES = ['read', 'submit', 'admin'] as const;
export const keyScope = z.enum(KEY_SCOPES);

/** The body of `POST /v1/keys`. */
export const newApiKey = z.strictObject({
  name: z
    .string()
    .min(1)
    .max(100)
    .refine((value) => !/\p{Cc}/u.test(value), 'must not contain control characters'),
  scope: keyScope,
});

export const apiKey = z.object({
  id: z.string(),
  name: z.string(),
  scope: keyScope,
  /** How the key begins, to tell it from others. */
  hint: z.string(),
  created_at: z.iso.datetime(),
  /** To a minute. */
  last_used_at: z.iso.datetime().nullable(),
});

/** A key with its secret, which is shown when it is made and never again. */
export const shownApiKey = apiKey.extend({ key: z.string() });

export type KeyScope = z.infer<typeof keyScope>;
export type NewApiKey = z.infer<typeof newApiKey>;
export type ShownApiKey = z.infer<typeof shownApiKey>;
export type ApiKeyView = z.infer<typeof apiKey>;
