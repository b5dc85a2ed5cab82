import { Webhook } from 'standardwebhooks';
import { expect, it, onTestFinished } from 'vitest';
import { isThorough } from './env.js';
import { collect, domains, startWorld } from './harness.js';
import { startReceiver } from './receiver.js';

const TEN_MINUTES_MS = 600_000;
/** Less than the clocks are wrong by, but more than anything in this test takes. */
const FAR_MS = TEN_MINUTES_MS / 2;

const CLOCKS = [
  ['ahead', TEN_MINUTES_MS],
  ['behind', -TEN_MINUTES_MS],
] as const;

it.each(isThorough ? CLOCKS : CLOCKS.slice(0, 1))(
  "what processes whose clocks are ten minutes %s note has Redis' time",
  async (_, ms) => {
    const preload = new URL(`shift-clock.mjs?ms=${ms}`, import.meta.url).href;
    const world = await startWorld({ workers: 1, env: { NODE_OPTIONS: `--import ${preload}` } });
    onTestFinished(() => world.stop());
    const { client } = world;
    const receiver = await startReceiver((response, number) => response.writeHead(number === 1 ? 500 : 204).end());
    const { id } = await client.submit({ endpoint: 'domain_pages', webhook: { url: receiver.url } }, domains(3));
    const job = await client.waitFor(id);
    expect(Math.abs(Date.parse(job.created_at) - Date.now())).toBeLessThan(FAR_MS);
    const [from, to] = [Date.parse(job.started_at ?? ''), Date.parse(job.finished_at ?? '')];

    const fetched = (await collect(client.results(id))).map(({ fetched_at }) => Date.parse(fetched_at ?? ''));
    const { calls } = await client.calls(id);
    const answered = calls.flatMap(({ attempts }) => attempts.map(({ answered_at }) => Date.parse(answered_at ?? '')));
    expect(fetched.length).toBeGreaterThan(0);
    expect(answered).toHaveLength(3);
    for (const at of [...fetched, ...answered]) {
      expect(at).toBeGreaterThanOrEqual(from);
      expect(at).toBeLessThanOrEqual(to);
    }

    await receiver.received(2);
    const verifier = new Webhook(await client.webhookSecret());
    // It refuses what was signed five minutes ago, or is to be in five minutes.
    for (const { headers, body } of receiver.seen) verifier.verify(body, headers);
    const delivered = async () => (await client.deliveries({ job: id, status: ['delivered'] })).deliveries;
    await expect.poll(delivered).toHaveLength(1);
    for (const { created_at, attempts } of await delivered()) {
      for (const at of [created_at, ...attempts.map((attempt) => attempt.at)]) {
        expect(Math.abs(Date.parse(at) - to)).toBeLessThan(FAR_MS);
      }
    }
  },
);
