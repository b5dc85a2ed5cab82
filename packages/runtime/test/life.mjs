/** A process that lives by the built `runProcess`. What it does is its first argument; what happens stands in its log. */
import { once } from 'node:events';
import { createLogger, runProcess } from '@linkhaul/runtime';
import { boot } from '@linkhaul/runtime/boot';

const logger = createLogger('life', 'info');
const forever = () => new Promise(() => {});
/** Keeps the process alive as a server would; only a release lets go of it. */
const heart = setInterval(() => {}, 60_000);

function registerThree(life, lastRelease) {
  life.onStop('first', () => {
    logger.info('released first');
    clearInterval(heart);
  });
  life.onStop('second', async () => logger.info('released second'));
  life.onStop('third', lastRelease);
}

const stories = {
  async runs(life) {
    registerThree(life, () => logger.info({ stopping: life.stopping.aborted }, 'released third'));
  },
  async logsSecrets(life) {
    registerThree(life, () => {});
    logger.info({ token: 's3cret', request: { authorization: 'Bearer s3cret', path: '/v1' } }, 'a request');
  },
  async logsErrors(life) {
    registerThree(life, () => {});
    const command = { name: 'eval', args: ["return redis.call('GET', KEYS[1])", '1', 's3cret'] };
    const config = { headers: { cookie: 's3cret' } };
    const refused = Object.assign(new Error('OOM command not allowed'), { command, script: 'grant', config, code: 7 });
    const several = new AggregateError([refused], 'both', { cause: refused });
    for (const err of [refused, several, 's3cret-less']) logger.error({ err }, 'an error');
  },
  async cannotStart(life) {
    registerThree(life, () => logger.info('released third'));
    throw new Error('no such port');
  },
  async hangsOnRelease(life) {
    registerThree(life, forever);
  },
  async failsOnRelease(life) {
    registerThree(life, () => {
      throw new Error('the connection is gone');
    });
  },
  async throwsLater(life) {
    registerThree(life, () => logger.info('released third'));
    setImmediate(() => {
      throw new Error('nobody caught me');
    });
  },
  async rejectsLater(life) {
    registerThree(life, () => logger.info('released third'));
    setImmediate(() => void Promise.reject(new Error('nobody caught me')));
  },
  async throwsWhileStopping(life) {
    registerThree(life, async () => {
      setImmediate(() => {
        throw new Error('nobody caught me');
      });
      await once(process, 'uncaughtException');
    });
  },
  async opensMoreWhileStopping(life) {
    const aborted = new Promise((resolve) => life.stopping.addEventListener('abort', resolve));
    registerThree(life, async () => {
      await aborted;
      life.onStop('late', () => logger.info('released late'));
    });
  },
  async isInterrupted(life) {
    registerThree(life, () => logger.info('released third'));
    logger.info('up');
    await new Promise((_, reject) => life.stopping.addEventListener('abort', () => reject(life.stopping.reason)));
  },
};

const run = (host) =>
  runProcess(host, logger, async (life) => {
    await stories[process.argv[2]](life);
    logger.info('up');
  });

await boot(process, async () => ({ run }));
