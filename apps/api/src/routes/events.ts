import { listedEventView, placeOfId } from '@linkhaul/jobs';
import { Hono } from 'hono';
import { invalidRequest } from '../problem.js';
import type { AppEnv, Services } from '../services.js';
import { checkQuery, parseLimit, queryOf } from './query.js';

/** `GET /v1/events`: all that happened, in order. Who keeps the id of the last event it has seen misses none. */
export function listEvents({ events }: Services): Hono<AppEnv> {
  return new Hono<AppEnv>().get('/v1/events', async (c) => {
    const query = checkQuery(queryOf(c), { known: ['after', 'limit'] });
    const page = await events.list(c.get('tenant'), {
      after: parseAfter(query.after),
      limit: parseLimit(query.limit),
    });
    return c.json({ events: page.events.map(listedEventView), next_cursor: page.next });
  });
}

function parseAfter(text: string | undefined): string | null {
  if (text === undefined) return null;
  const place = placeOfId(text);
  if (place === null) throw invalidRequest('after', 'must be the id of an event, or a next_cursor');
  return place;
}
