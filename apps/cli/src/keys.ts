import { z } from 'zod';

export const KEY_SCOPES = ['read', 'submit', 'admin'] as const;

const apiKey = z.object({
  id: z.string(),
  name: z.string(),
  scope: z.enum(KEY_SCOPES),
  /** How the key begins, to tell it from others. */
  hint: z.string(),
  created_at: z.string(),
  last_used_at: z.string().nullable(),
});

export const keysPage = z.object({ keys: z.array(apiKey), next_cursor: z.string().nullable() });

/** A key with its secret, which is shown when it is made and never again. */
export const shownKey = apiKey.extend({ key: z.string() });
