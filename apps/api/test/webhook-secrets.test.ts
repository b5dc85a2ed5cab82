import { afterAll, describe, expect, it } from 'vitest';
import { ask, problemOf } from './http.js';
import { createStarter, type Service } from './service.js';

const starter = createStarter();
afterAll(starter.closeAll);

describe('the secret', () => {
  const secretAt = async ({ url }: Service) => JSON.parse((await ask(`${url}/v1/webhooks/secret`)).text).secret;
  const rotate = ({ url }: Service) => ask(`${url}/v1/webhooks/secret/rotate`, { method: 'POST' });

  const signing = ({ services }: Service) => services.webhooks.signingSecrets('local', null);

  it('is changed by its tenant, and each old one signs too for its own day', async () => {
    const own = await starter.start();
    const old = await secretAt(own);
    const second = JSON.parse((await rotate(own)).text).secret;
    expect(second).not.toBe(old);
    const fresh = JSON.parse((await rotate(own)).text).secret;
    expect(await secretAt(own)).toBe(fresh);
    expect((await signing(own)).toSorted()).toEqual([fresh, second, old].toSorted());
    const kept = own.keys.oldWebhookSecrets('local');
    const left = await own.redis.pttl(kept);
    expect(left).toBeGreaterThan(86_000_000);
    expect(left).toBeLessThanOrEqual(86_400_000);
    await own.redis.zadd(kept, Date.now() - 60_000, old);
    expect(await signing(own)).toEqual([fresh, second]);
  });

  it('is one of many where it is changed again and again: the newest old ones sign', async () => {
    const own = await starter.start();
    const made = [await secretAt(own)];
    for (let at = 0; at < 12; at++) made.unshift(JSON.parse((await rotate(own)).text).secret);
    const [fresh, ...old] = await signing(own);
    expect(fresh).toBe(made[0]);
    expect(old).toHaveLength(10);
    expect(made).toEqual(expect.arrayContaining(old));
    expect(old).not.toContain(made.at(-1));
  });

  it('is not its tenant to change where it is everybody’s; its own stays its own', async () => {
    const shared = `whsec_${Buffer.from('everybody’s').toString('base64')}`;
    const own = await starter.start({ WEBHOOK_SECRET: shared });
    expect(await secretAt(own)).toBe(shared);
    problemOf(await rotate(own), 'conflict');
    await own.services.webhooks.rotateSecret('local');
    expect(await secretAt(own)).not.toBe(shared);
    expect((await rotate(own)).status).toBe(200);
  });
});
