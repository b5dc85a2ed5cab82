import { builtApp, startProcess } from '@linkhaul/stack';
import { Agent, request } from 'undici';
import type { Task } from './tasks.js';

const AUTHORIZATION = `Basic ${Buffer.from('local:local').toString('base64')}`;

/** The built Backlinks API on a free port, with limits that are never reached. */
export async function startServer(env: Readonly<Record<string, string | undefined>>) {
  const startedAt = performance.now();
  const running = await startProcess({
    name: 'backlinks',
    entry: builtApp('backlinks'),
    env: {
      ...env,
      HOST: '127.0.0.1',
      PORT: '0',
      LOG_LEVEL: 'info',
      BACKLINKS_LOGIN: 'local',
      BACKLINKS_PASSWORD: 'local',
      BACKLINKS_MAX_PER_MINUTE: '1000000',
      BACKLINKS_MAX_IN_FLIGHT: '1000',
    },
    readyWithinMs: 900_000,
  });
  const readyMs = performance.now() - startedAt;
  const dispatcher = new Agent({ pipelining: 1 });
  const url = `http://127.0.0.1:${running.port}/v3/backlinks`;
  return {
    readyMs,
    call: async ({ endpoint, task }: Task): Promise<void> => {
      const { body } = await request(`${url}/${endpoint}/live`, {
        method: 'POST',
        dispatcher,
        headers: { authorization: AUTHORIZATION, 'content-type': 'application/json' },
        body: JSON.stringify([task]),
      });
      const text = await body.text();
      if (!text.includes('"tasks_error":0')) throw new Error(`${endpoint}: ${text.slice(0, 500)}`);
    },
    stop: async (): Promise<void> => {
      await dispatcher.close();
      await running.child.stop();
    },
  };
}
