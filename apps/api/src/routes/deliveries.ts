import { type Delivery, eventView, isoTime } from '@linkhaul/jobs';
import { DELIVERY_STATES, type DeliveryState, type DeliveryView, deliveryState } from '@linkhaul/schemas';
import { Hono } from 'hono';
import { z } from 'zod';
import { ApiProblem, invalidRequest } from '../problem.js';
import type { AppEnv, Services } from '../services.js';
import { jobRef } from './find-job.js';
import { checkQuery, parseLimit, queryOf } from './query.js';
import { readSmallBody } from './small-body.js';

/** Deliveries looked at for one page: a rare filter must not read all of them in one request. */
const MOST_SCANNED = 5_000;
const BATCH = 200;
const DELIVERY_ID = /^evt_\d{1,15}_\d{1,10}_[0-9a-f]{12}$/;
const NO_FIELDS = z.strictObject({});

/** `GET /v1/deliveries`, newest first, each with its attempts; `POST /v1/deliveries/:id/redeliver`. */
export function deliveryRoutes(services: Services): Hono<AppEnv> {
  return new Hono<AppEnv>()
    .get('/v1/deliveries', async (c) => {
      const query = checkQuery(queryOf(c), { known: ['job', 'status', 'cursor', 'limit'] });
      const tenant = c.get('tenant');
      const job = query.job === undefined ? null : jobRef(tenant, query.job).id;
      const filter = { job, statuses: parseStatuses(query.status), limit: parseLimit(query.limit) };
      const page = await pageOf(tenant, { ...filter, after: parseCursor(query.cursor) }, services);
      const views = page.deliveries.map((delivery) => viewOf(delivery, services));
      return c.json({ deliveries: await Promise.all(views), next_cursor: page.next });
    })
    .post('/v1/deliveries/:id/redeliver', async (c) => {
      checkQuery(queryOf(c), { known: [] });
      await readSmallBody(c, NO_FIELDS);
      const delivery = await findDelivery(c.get('tenant'), c.req.param('id'), services);
      await sendAgain(delivery, services);
      return c.json(await viewOf(await findDelivery(c.get('tenant'), delivery.id, services), services), 202);
    });
}

interface PageFilter {
  readonly job: string | null;
  readonly statuses: readonly DeliveryState[];
  readonly after: string | null;
  readonly limit: number;
}

/** A page may be short while `next` is not null: the filter goes on behind it. */
async function pageOf(tenant: string, { job, statuses, after, limit }: PageFilter, { deliveries }: Services) {
  const found: Delivery[] = [];
  let next = after;
  for (let scanned = 0; scanned < MOST_SCANNED && found.length < limit; scanned += BATCH) {
    const page = await deliveries.list(tenant, { job, after: next, limit: BATCH });
    const matching = page.deliveries.filter(({ state }) => statuses.includes(state));
    const taken = matching.slice(0, limit - found.length);
    found.push(...taken);
    next = taken.length < matching.length ? (taken.at(-1)?.id ?? null) : page.next;
    if (next === null) break;
  }
  return { deliveries: found, next };
}

async function viewOf(delivery: Delivery, { deliveries }: Services): Promise<DeliveryView> {
  const { id, event, job, url, state, createdAt, dueAt } = delivery;
  return {
    id,
    event,
    job,
    url,
    status: state,
    created_at: isoTime(createdAt),
    next_attempt_at: dueAt === null ? null : isoTime(dueAt),
    attempts: await deliveries.attemptsOf(id),
  };
}

async function findDelivery(tenant: string, id: string, { deliveries }: Services): Promise<Delivery> {
  const delivery = DELIVERY_ID.test(id) ? await deliveries.get(id) : null;
  if (delivery === null || delivery.at.tenant !== tenant) {
    throw noDelivery(id);
  }
  return delivery;
}

function noDelivery(id: string): ApiProblem {
  return new ApiProblem('not_found', `There is no delivery ${id}.`);
}

async function sendAgain({ id, at, body }: Delivery, { deliveries, events }: Services): Promise<void> {
  const event = body === null ? await events.get(at) : null;
  const again = body ?? (event === null ? null : JSON.stringify(eventView(event)));
  if (again === null) throw new ApiProblem('conflict', 'Its event is gone, with the job: there is nothing to send.');
  if (!(await deliveries.again(id, again))) throw noDelivery(id);
}

function parseStatuses(text: string | undefined): readonly DeliveryState[] {
  const wanted = z.array(deliveryState).safeParse(text?.split(',') ?? DELIVERY_STATES);
  if (wanted.success) return wanted.data;
  throw invalidRequest('status', `must be some of ${DELIVERY_STATES.join(', ')}, separated by commas`);
}

function parseCursor(text: string | undefined): string | null {
  if (text === undefined) return null;
  if (!DELIVERY_ID.test(text)) throw invalidRequest('cursor', 'is not one of ours: begin without it');
  return text;
}
