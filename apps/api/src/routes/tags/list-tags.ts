import { type TagsPage, tag, tagsPage } from '@linkhaul/schemas';
import { z } from 'zod';
import { unknownCursor } from '../../results/cursor.js';
import { defineRoute } from '../../routing/define-route.js';
import { NO_INPUT } from '../../routing/request-parts.js';
import { paging } from '../parameters.js';

export const listTags = defineRoute({
  method: 'get',
  path: '/v1/tags',
  id: 'listTags',
  summary: 'List tags',
  description: 'By name, so that no use of a tag moves it to another page.',
  access: 'tenant',
  scope: 'read',
  request: NO_INPUT.extend({ query: z.object(paging) }),
  answers: { 200: { description: 'A page of tags.', contents: { 'application/json': tagsPage } } },
  examples: [{ title: 'All tags', given: 'finished job', status: 200 }],
  serve:
    ({ store }) =>
    async (c, { query: { cursor, limit } }) => {
      const page = await store.tags(c.get('tenant'), { after: tagCursor(cursor), limit });
      const next = page.next && Buffer.from(page.next).toString('base64url');
      const answer: TagsPage = { tags: page.items, next_cursor: next };
      return c.json(answer);
    },
});

/** The last tag of the previous page. */
function tagCursor(text: string | undefined): string | null {
  if (text === undefined) return null;
  const parsed = tag.safeParse(Buffer.from(text, 'base64url').toString('utf8'));
  if (!parsed.success || Buffer.from(parsed.data).toString('base64url') !== text) throw unknownCursor();
  return parsed.data;
}
