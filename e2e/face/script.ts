import { z } from 'zod';
import { nanos, type World } from '../harness.js';

const task = z.looseObject({
  id: z.string(),
  status_code: z.number(),
  status_message: z.string(),
  cost: z.number(),
  result_count: z.number(),
  path: z.array(z.string()),
  data: z.record(z.string(), z.unknown()),
  result: z.array(z.looseObject({})).nullable(),
});
export const envelope = z.looseObject({
  status_code: z.number(),
  status_message: z.string(),
  cost: z.number(),
  tasks_count: z.number(),
  tasks_error: z.number(),
  tasks: z.array(task).nullable(),
});

export type Answer = z.infer<typeof envelope> & { readonly http: number; readonly text: string };

/** What the upstream has been asked, and has charged, since a moment. */
interface Bill {
  /** Without look-ups of its record. */
  calls(): Promise<number>;
  charged(): Promise<number>;
}

/** Asks as a script does that knows the vendor alone: any login, since the service has no keys. */
export interface Script {
  readonly world: () => World;
  ask(path: string, body?: unknown, init?: RequestInit): Promise<Answer>;
  /** The same of the upstream itself. */
  askUpstream(path: string, body: unknown): Promise<Answer>;
  onlyTask(path: string, body?: unknown): Promise<z.infer<typeof task>>;
  live(targets: readonly string[], init?: RequestInit): Promise<Answer>;
  setTenant(change: { budget_usd: number | null } | { max_age: string | null }): Promise<void>;
  openBill(): Promise<Bill>;
}

export const AUTHORIZATION = `Basic ${btoa('local:local')}`;

/** `world`: is asked for when a test runs. */
export function scriptOf(world: () => World): Script {
  const ask: Script['ask'] = (path, body, init) => askAt(world().apiUrl, { path, body, init });
  const spent = async () => {
    const { requests, totals } = await world().record();
    return { calls: requests.filter(({ path }) => path.endsWith('/live')).length, nanos: nanos(totals.cost_usd) };
  };
  return {
    world,
    ask,
    askUpstream: (path, body) => askAt(world().upstreamUrl, { path, body }),
    async onlyTask(path, body) {
      const { tasks } = await ask(path, body);
      if (tasks?.[0] === undefined || tasks.length > 1) throw new Error(`${path} has not one task`);
      return tasks[0];
    },
    live: (targets, init) => ask('backlinks/bulk_backlinks/live', [{ targets }], init),
    async setTenant(change) {
      const headers = { 'content-type': 'application/json' };
      const url = `${world().apiUrl}/v1/tenants/local`;
      const { status } = await fetch(url, { method: 'PUT', headers, body: JSON.stringify(change) });
      if (status !== 200) throw new Error(`the tenant was not changed: ${status}`);
    },
    async openBill() {
      const before = await spent();
      return {
        calls: async () => (await spent()).calls - before.calls,
        charged: async () => (await spent()).nanos - before.nanos,
      };
    },
  };
}

interface Request {
  readonly path: string;
  readonly body: unknown;
  readonly init?: RequestInit | undefined;
}

async function askAt(url: string, { path, body, init = {} }: Request): Promise<Answer> {
  const response = await fetch(`${url}/v3/${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    ...init,
    headers: { authorization: AUTHORIZATION, ...init.headers },
    ...(body !== undefined && {
      body: typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body),
    }),
  });
  const text = await response.text();
  return { http: response.status, text, ...envelope.parse(JSON.parse(text)) };
}

/** The text of the result, but for the token, which is another one in each answer. */
export function resultText({ text }: Answer): string {
  return text.slice(text.indexOf('"result":'), text.lastIndexOf('}]}')).replace(/,?"search_after_token":"[^"]+"/, '');
}

/** What tasks of each kind of endpoint ask for. */
export const AIMS = {
  bulk: { targets: ['google.com'] },
  list: { target: 'google.com', limit: 5, offset: 2 },
  single: { target: 'google.com' },
  set: { targets: { 1: 'google.com', 2: 'facebook.com' }, limit: 3 },
} as const satisfies Record<string, object>;
