import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { Agent, request } from 'undici';
import { z } from 'zod';
import { runLoad } from '../load.js';
import { BULK, callsFor } from './lists.js';

/** The least work for these calls: send each request, inflate and parse its answer, and keep nothing. */
const { url, endpoint, inFlight } = z
  .object({ url: z.string(), endpoint: z.enum(BULK), inFlight: z.number() })
  .parse(JSON.parse(process.argv[2] ?? ''));

process.once('disconnect', () => process.exit());

const inflate = promisify(gunzip);
const calls = await callsFor(endpoint);
const dispatcher = new Agent();
const cpuBefore = process.cpuUsage();
const { wallMs } = await runLoad(calls, inFlight, async (targets) => {
  const response = await request(`${url}/v3/backlinks/${endpoint}/live`, {
    dispatcher,
    method: 'POST',
    headers: { 'content-type': 'application/json', 'accept-encoding': 'gzip' },
    body: JSON.stringify([{ targets, tag: 'loop' }]),
  });
  const body = await inflate(Buffer.from(await response.body.arrayBuffer()));
  const answer: { tasks: { result: { items: unknown[] }[] }[] } = JSON.parse(body.toString('utf8'));
  if (answer.tasks[0]?.result[0]?.items.length !== targets.length) throw new Error('an answer is not whole');
});
const { user, system } = process.cpuUsage(cpuBefore);
process.send?.({ calls: calls.length, wallMs, cpuMs: (user + system) / 1000 });
process.disconnect();
