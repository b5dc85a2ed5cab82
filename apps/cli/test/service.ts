import { expect } from 'vitest';
import { asAsked, type SeenRequest, serve } from '../../../packages/client/test/service/http-server.js';
import { invoke } from './invoke.js';

/** The address of a service that does not run. */
export const nobody = { url: 'http://127.0.0.1:9' };

/** A request as one line: `POST /v1/jobs/job_1/resume {"max_cost_usd":2}`. */
export const asked = ({ method, path, body }: SeenRequest) =>
  `${method} ${decodeURIComponent(path)} ${String(body)}`.trimEnd();

/** A command line, the request that it must send, the service's answer, and the expected standard output. */
type Exchange = readonly [words: readonly string[], request: string, answer: unknown, stdout: string];

export async function checkExchange([words, request, answer, stdout]: Exchange): Promise<void> {
  const { baseUrl: url, seen } = await serve((given, response) => asAsked(given, response).end(JSON.stringify(answer)));
  const run = await invoke(words, { url, env: { LINKHAUL_API_KEY: 'k' } });
  expect(run).toMatchObject({ code: 0, stdout });
  expect(seen.map(asked)).toEqual([request]);
  expect(seen[0]?.headers.authorization).toBe('Bearer k');
}

export const problem = (code: string, status: number, more = {}) => ({
  type: `urn:linkhaul:problem:${code}`,
  title: 'Refused',
  status,
  detail: 'do it otherwise',
  ...more,
});
