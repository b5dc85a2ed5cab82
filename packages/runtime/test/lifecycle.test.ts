import { describe, expect, it } from 'vitest';
import { type Child, startChild } from './children.js';

const IN_REVERSE = ['released third', 'released second', 'released first'];

function releasesOf(child: Child): string[] {
  return child.lines.map((line) => line.msg).filter((message) => message.startsWith('released'));
}

describe('a process', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)('is released in reverse order on %s, and exits 0', async (signal) => {
    const child = startChild('runs');
    await child.logged('up');
    child.process.kill(signal);
    expect(await child.ended).toBe(0);
    expect(releasesOf(child)).toEqual(IN_REVERSE);
    expect(child.lines.find((line) => line.msg === 'stopping')).toMatchObject({ reason: signal });
    expect(child.lines.find((line) => line.msg === 'released third')).toMatchObject({ stopping: true });
    expect(child.lines.at(-1)?.msg).toBe('stopped');
  });

  it('that cannot start releases what it has, and exits 1', async () => {
    const child = startChild('cannotStart');
    expect(await child.ended).toBe(1);
    expect(releasesOf(child)).toEqual(IN_REVERSE);
    expect(await child.logged('could not start')).toMatchObject({ level: 'fatal', err: { message: 'no such port' } });
  });

  it('ends at once on a second signal', async () => {
    const child = startChild('hangsOnRelease');
    await child.logged('up');
    child.process.kill('SIGTERM');
    await child.logged('stopping');
    child.process.kill('SIGTERM');
    expect(await child.ended).toBe(1);
    expect(releasesOf(child)).toEqual([]);
  });

  it('releases the others when one release fails, and exits 1', async () => {
    const child = startChild('failsOnRelease');
    await child.logged('up');
    child.process.kill('SIGTERM');
    expect(await child.ended).toBe(1);
    expect(releasesOf(child)).toEqual(['released second', 'released first']);
    expect(await child.logged('release failed')).toMatchObject({ resource: 'third' });
  });

  it.each([
    ['throwsLater', 'uncaughtException'],
    ['rejectsLater', 'unhandledRejection'],
  ])('that %s is released, and exits 1', async (story, event) => {
    const child = startChild(story);
    expect(await child.ended).toBe(1);
    expect(releasesOf(child)).toEqual(IN_REVERSE);
    expect(await child.logged(event)).toMatchObject({ level: 'fatal', err: { message: 'nobody caught me' } });
  });

  it('does not exit 0 when an error went uncaught on the way down', async () => {
    const child = startChild('throwsWhileStopping');
    await child.logged('up');
    child.process.kill('SIGTERM');
    expect(await child.ended).toBe(1);
    expect(releasesOf(child)).toEqual(['released second', 'released first']);
  });

  it('releases what was opened while it was stopping', async () => {
    const child = startChild('opensMoreWhileStopping');
    await child.logged('up');
    child.process.kill('SIGTERM');
    expect(await child.ended).toBe(0);
    expect(releasesOf(child)).toEqual(['released late', 'released second', 'released first']);
  });

  it('that is told to stop while it starts has not failed', async () => {
    const child = startChild('isInterrupted');
    await child.logged('up');
    child.process.kill('SIGTERM');
    expect(await child.ended).toBe(0);
    expect(releasesOf(child)).toEqual(IN_REVERSE);
    expect(child.lines.filter((line) => line.level === 'fatal')).toEqual([]);
  });
});
