import { z } from 'zod';

export const KEY_SCOPES = ['read', 'submit', 'admin'] as const;
export const keyScope = z
  .enum(KEY_SCOPES)
  .meta({ id: 'KeyScope', description: 'What a key may do. Each scope includes the one before it.' });

export const newApiKey = z
  .strictObject({
    name: z
      .string()
      .min(1)
      .max(100)
      .refine((value) => !/\p{Cc}/u.test(value), 'must not contain control characters')
      .describe('Your name for the key; no control characters.'),
    scope: keyScope,
  })
  .meta({ id: 'NewApiKey' });

export const apiKey = z
  .object({
    id: z.string(),
    name: z.string(),
    scope: keyScope,
    hint: z.string().describe('How the key begins.'),
    created_at: z.iso.datetime(),
    last_used_at: z.iso.datetime().nullable().describe('Accurate to a minute.'),
  })
  .meta({ id: 'ApiKey', description: 'A key without its secret.' });

export const shownApiKey = apiKey
  .extend({ key: z.string().describe('What to send as `Authorization: Bearer`.') })
  .meta({
    id: 'ShownApiKey',
    description: 'A key with its secret, which is shown when it is made or rotated and never again.',
  });

export type KeyScope = z.infer<typeof keyScope>;
export type NewApiKey = z.infer<typeof newApiKey>;
export type ShownApiKey = z.infer<typeof shownApiKey>;
export type ApiKeyView = z.infer<typeof apiKey>;
