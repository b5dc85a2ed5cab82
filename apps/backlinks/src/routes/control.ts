import { PROBLEMS, type ProblemCode, problemType } from '@linkhaul/schemas';
import { type Context, Hono } from 'hono';
import { z } from 'zod';
import { accountChanges } from '../account.js';
import type { AppEnv, Deps } from '../context.js';
import { fault } from '../faults/fault.js';
import type { StandingFault } from '../faults/faults.js';
import { isForUs, isLocalPeer } from '../local-peer.js';

const recordPage = z.strictObject({
  /** Only requests with a higher number than this. */
  since: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(0).default(1_000_000),
});

/** `/__control`: for tests and for trials of a client. Only peers on the same machine can use it. */
export function controlRoutes(deps: Deps): Hono<AppEnv> {
  const { state } = deps;
  const routes = new Hono<AppEnv>();
  routes.use(async (c, next) => {
    if (!deps.control || !isLocalPeer(c)) return problem(c, 'not_found');
    return isForUs(c) ? next() : problem(c, 'forbidden_origin');
  });
  routes.get('/record', (c) => {
    const page = recordPage.safeParse(c.req.query());
    if (!page.success) return problem(c, 'invalid_request', z.prettifyError(page.error));
    return c.json(state.record.report(page.data.since, page.data.limit));
  });
  routes.post('/reset', (c) => {
    state.reset();
    return c.json(state.present());
  });
  routes.get('/settings', (c) => c.json(state.present()));
  routes.put('/settings', async (c) => {
    const changes = accountChanges.safeParse(await jsonOf(c));
    if (!changes.success) return problem(c, 'invalid_request', z.prettifyError(changes.error));
    state.change(changes.data);
    return c.json(state.present());
  });
  routes.get('/faults', (c) => c.json(state.faults.list().map(shown)));
  routes.post('/faults', async (c) => {
    const added = fault.safeParse(await jsonOf(c));
    if (!added.success) return problem(c, 'invalid_request', z.prettifyError(added.error));
    return c.json(shown(state.faults.add(added.data)));
  });
  routes.delete('/faults', (c) => {
    state.faults.clear();
    return c.json([]);
  });
  routes.all('*', (c) => problem(c, 'not_found'));
  return routes;
}

function shown({ fault: standing, met }: StandingFault) {
  return { ...standing, met };
}

async function jsonOf(c: Context): Promise<unknown> {
  return c.req.json().catch(() => undefined);
}

function problem(c: Context, code: ProblemCode, detail?: string): Response {
  const { status, title } = PROBLEMS[code];
  c.header('Content-Type', 'application/problem+json');
  return c.body(JSON.stringify({ type: problemType(code), title, status, detail: detail ?? title }), status);
}
