import { expect, it } from 'vitest';
import { startChild } from './children.js';

it('lines say their level by name, their time in RFC 3339, and no secrets', async () => {
  const child = startChild('logsSecrets');
  const line = await child.logged('a request');
  expect(line).toMatchObject({
    name: 'life',
    level: 'info',
    token: '[Redacted]',
    request: { authorization: '[Redacted]', path: '/v1' },
  });
  expect(line.time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  child.process.kill('SIGTERM');
  await child.ended;
});

it('of an error its words are said and what is a single value, never the arguments of a command or a request', async () => {
  const child = startChild('logsErrors');
  await child.logged('up');
  child.process.kill('SIGTERM');
  await child.ended;
  const [refused, several, words] = child.lines.filter(({ msg }) => msg === 'an error').map(({ err }) => err);
  const said = {
    type: 'Error',
    message: 'OOM command not allowed',
    command: 'eval',
    script: 'grant',
    code: 7,
    stack: expect.stringContaining('life.mjs'),
  };
  expect(refused).toEqual(said);
  expect(several).toMatchObject({ type: 'AggregateError', message: 'both: OOM command not allowed', errors: [said] });
  expect(words).toBe('s3cret-less');
  expect(JSON.stringify([refused, several])).not.toMatch(/s3cret|redis\.call/);
});

it('lines come in the order in which they were written, to the last before the exit', async () => {
  const children = Array.from({ length: 12 }, () => startChild('runs'));
  await Promise.all(
    children.map(async (child) => {
      await child.logged('up');
      child.process.kill('SIGTERM');
      await child.ended;
    }),
  );
  const told = children.map((child) => child.lines.map((line) => line.msg).join(', '));
  const order = 'up, stopping, released third, released second, released first, stopped';
  expect(told).toEqual(told.map(() => order));
});
