import { z } from 'zod';

const text = z.string().nullable().optional();
const count = z.int().nullable().optional();

/** What the upstream knows about a target besides its links. */
export const siteInfo = {
  crawled_pages: count,
  info: z
    .looseObject({
      server: text,
      cms: text,
      platform_type: z.array(z.string().nullable()).nullable().optional(),
      ip_address: text,
      country: text,
      is_ip: z.boolean().nullable().optional(),
      target_spam_score: count,
    })
    .nullable()
    .optional(),
  internal_links_count: count,
  external_links_count: count,
};
