import { PROBLEMS, type ProblemCode, problemType } from '@linkhaul/schemas';
import { type Context, Hono } from 'hono';
import { z } from 'zod';
import { accountSettings } from '../account.js';
import type { AppContext, AppEnv, Deps } from '../context.js';
import { fault } from '../faults.js';

/** `/__control`: for tests and trials of a client. It is there for peers on the same machine only. */
export function controlRoutes(deps: Deps): Hono<AppEnv> {
  const { state } = deps;
  const routes = new Hono<AppEnv>();
  routes.use(async (c, next) => (deps.control && isLoopback(c) ? next() : problem(c, 'not_found')));
  routes.get('/record', (c) => c.json(state.record.report()));
  routes.post('/reset', (c) => {
    state.reset();
    return c.json(state.settings);
  });
  routes.put('/settings', async (c) => {
    const changes = accountSettings.partial().safeParse(await jsonOf(c));
    if (!changes.success) return problem(c, 'invalid_request', z.prettifyError(changes.error));
    Object.assign(state.settings, changes.data);
    return c.json(state.settings);
  });
  routes.post('/faults', async (c) => {
    const added = fault.safeParse(await jsonOf(c));
    if (!added.success) return problem(c, 'invalid_request', z.prettifyError(added.error));
    state.faults.add(added.data);
    return c.json(added.data);
  });
  routes.all('*', (c) => problem(c, 'not_found'));
  return routes;
}

function isLoopback(c: AppContext): boolean {
  const address = c.env.incoming?.socket.remoteAddress ?? '';
  return address === '::1' || address.replace(/^::ffff:/, '').startsWith('127.');
}

async function jsonOf(c: Context): Promise<unknown> {
  return c.req.json().catch(() => undefined);
}

function problem(c: Context, code: ProblemCode, detail?: string): Response {
  const { status, title } = PROBLEMS[code];
  c.header('Content-Type', 'application/problem+json');
  return c.body(JSON.stringify({ type: problemType(code), title, status, detail: detail ?? title }), status);
}
