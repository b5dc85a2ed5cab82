import { createHmac } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { json, serve } from '../../../packages/client/test/service/http-server.js';
import { invoke } from './invoke.js';
import { asked } from './service.js';

describe('webhooks listen', () => {
  const secret = `whsec_${Buffer.from('a secret of some length').toString('base64')}`;

  function signed(body: string): RequestInit {
    const [id, seconds] = ['evt_1', String(Math.floor(Date.now() / 1000))];
    const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
    const signature = createHmac('sha256', key).update(`${id}.${seconds}.${body}`).digest('base64');
    const headers = { 'webhook-id': id, 'webhook-timestamp': seconds, 'webhook-signature': `v1,${signature}` };
    return { method: 'POST', headers, body };
  }

  it('prints what is signed and refuses everything else', async () => {
    const { baseUrl: url, seen } = await serve((_, response) => json(response, { secret }));
    const interruption = new AbortController();
    const screen = new EventEmitter();
    const said = once(screen, 'said');
    const onScreen = (text: string) => void screen.emit('said', text);
    const run = invoke(['webhooks', 'listen', '--json'], { url, interrupted: interruption.signal, onScreen });
    const at =
      String(await said)
        .trim()
        .split(' ')
        .at(-1) ?? '';
    const statuses: number[] = [];
    for (const init of [
      signed('{"type":"job.completed"}'),
      signed('{"type":"again"}'),
      { ...signed('{"a":1}'), body: '{"a":2}' },
      signed('not json'),
      { method: 'POST', body: 'x' },
      { method: 'GET' },
      signed('x'.repeat(2_000_000)),
    ]) {
      statuses.push(
        await fetch(at, init).then(
          ({ status }) => status,
          () => 413,
        ),
      );
    }
    interruption.abort();
    const { code, stdout, stderr } = await run;
    expect(statuses).toEqual([204, 204, 400, 400, 400, 405, 413]);
    expect(code).toBe(0);
    expect(
      stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual([
      { id: 'evt_1', event: { type: 'job.completed' } },
      { id: 'evt_1', event: { type: 'again' } },
    ]);
    expect(stderr.match(/Refused/g)).toHaveLength(3);
    expect(seen.map(asked)).toEqual(['GET /v1/webhooks/secret']);
  });

  it('takes the secret of the environment, and says where it cannot listen', async () => {
    const { baseUrl: url, seen } = await serve((_, response) => json(response, {}));
    const port = new URL(url).port;
    const run = await invoke(['webhooks', 'listen', '--port', port], { url, env: { LINKHAUL_WEBHOOK_SECRET: secret } });
    expect(run.code).toBe(2);
    expect(run.stderr).toContain(`Cannot listen at 127.0.0.1:${port}`);
    expect(seen).toEqual([]);
  });
});
