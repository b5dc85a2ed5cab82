import { expect, test } from 'vitest';
import { crashedAt, lastWords } from '../src/crash/last-words.js';
import { crashEnv, crashFrom } from '../src/crash/points.js';
import { commandWords, finishedBy, plannedBy, settledBy } from '../src/crash/wire.js';

/** A command as it goes over the wire. */
function wire(...words: string[]): string {
  return `*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`;
}

const SCRIPT = 'a'.repeat(40);
const script = (taken: object, command = 'evalsha', source = SCRIPT) =>
  wire(command, source, '1', 'linkhaul', JSON.stringify(taken));
const ATTEMPT = { job: 'local/job_1', call: '7', attempt: '2' };
const settle = (verdict: string) => script({ ...ATTEMPT, verdict, ok: 3, cost: 24_108_000 });

test('a command that settles a call says which attempt of it, by text and by bytes', () => {
  const at = { job: 'job_1', attempt: { call: 7, number: 2 } };
  expect(settledBy(commandWords(settle('stored')))).toEqual(at);
  expect(settledBy(commandWords(Buffer.from(settle('failed'))))).toEqual(at);
  const whole = script({ ...ATTEMPT, verdict: 'split' }, 'eval', "-- a script\nreturn 'ü'\n");
  expect(settledBy(commandWords(whole))).toEqual(at);
});

test('a command that closes a job says which', () => {
  expect(finishedBy(commandWords(script({ job: 'local/job_1' })))).toEqual({ job: 'job_1', attempt: null });
});

test('a command that lets the first calls of a plan go says of which job', () => {
  const planned = (stored: number) =>
    script({ job: 'local/job_1', roots: 60, calls_per_part: 1, manual: false, stored });
  expect(plannedBy(commandWords(planned(1)))).toEqual({ job: 'job_1', attempt: null });
  expect(plannedBy(commandWords(planned(60)))).toBeNull();
});

test('no other command is taken for one of these', () => {
  const others = [
    script({ most: 38 }),
    script({ ...ATTEMPT, after_ms: 120_000 }),
    wire('evalsha', SCRIPT, '1', 'bull:call', '7', 'local/job_1'),
    wire('hget', 'linkhaul:job:local/job_1', 'status', 'a', 'local/job_1'),
    wire('set', 'a', '1', 'linkhaul', 'local/job_1', '7', '2', 'stored'),
    'POST /v3/backlinks/bulk_backlinks/live HTTP/1.1\r\n',
    '',
  ];
  for (const other of others) {
    expect(settledBy(commandWords(other))).toBeNull();
    expect(finishedBy(commandWords(other))).toBeNull();
    expect(plannedBy(commandWords(other))).toBeNull();
  }
  expect(commandWords(undefined)).toEqual([]);
});

test('what a worker died at is found among the lines it printed', () => {
  const at = { job: 'job_1', attempt: { call: 7, number: 2 } };
  expect(crashedAt(`{"msg":"call"}\n${lastWords(at)}`)).toEqual(at);
  expect(crashedAt('{"msg":"listening"}')).toBeNull();
});

test('a worker is told its point by its environment; what is no point is refused', () => {
  const crash = { point: 'after_settle', occurrence: 3 } as const;
  expect(crashFrom(crashEnv(crash))).toEqual(crash);
  expect(() => crashFrom({ CRASH_POINT: 'after_lunch' })).toThrow('after_lunch');
  expect(() => crashFrom({})).toThrow('CRASH_POINT');
});
