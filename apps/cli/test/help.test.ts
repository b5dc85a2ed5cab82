import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../src/commands/index.js';
import { invoke } from './invoke.js';
import { nobody } from './service.js';

describe('help', () => {
  it('is there for every command, before anything else is looked at', async () => {
    for (const { name, summary } of COMMANDS) {
      const run = await invoke([...name.split(' '), '--nonsense', '--help'], { ...nobody, env: { LINKHAUL_URL: '?' } });
      expect(run).toMatchObject({ code: 0, stderr: '' });
      expect(run.stdout).toContain(`Usage: linkhaul ${name}`);
      expect(run.stdout).toContain(summary);
    }
    expect((await invoke(['--help'], nobody)).stdout).toContain('Exit codes: 0 complete');
    expect(await invoke(['--version'], nobody)).toEqual({ code: 0, stdout: '1.2.3\n', stderr: '' });
    expect((await invoke([], nobody)).code).toBe(2);
  });

  it('of a word that is no command names the near one', async () => {
    expect((await invoke(['sumbit'], nobody)).stderr).toBe(
      'linkhaul: There is no command "sumbit". Did you mean linkhaul submit?\n',
    );
    expect((await invoke(['webhooks'], nobody)).stderr).toContain('webhooks listen');
    expect((await invoke(['\u001b[31m'], nobody)).stderr).not.toContain('\u001b');
  });

  it.each([
    ['list', 'jobs'],
    ['ls', 'jobs'],
    ['job', 'jobs'],
    ['status', 'watch ID'],
    ['Status', 'watch ID'],
    ['stauts', 'watch ID'],
    ['download', 'results ID'],
    ['downlaod', 'results ID'],
    ['result', 'results ID'],
    ['delete', 'cancel ID'],
    ['rm', 'cancel ID'],
    ['remvoe', 'cancel ID'],
    ['estimat', 'estimate'],
    ['stop', 'cancel ID'],
  ])('of %s, as other tools have it, names %s', async (typed, meant) => {
    for (const words of [
      [typed, 'job_1'],
      ['help', typed],
    ]) {
      const run = await invoke(words, nobody);
      expect(run).toMatchObject({
        code: 2,
        stdout: '',
        stderr: expect.stringContaining(`Did you mean linkhaul ${meant}`),
      });
    }
  });

  it('comes by `help` too', async () => {
    for (const words of [
      ['help', 'submit'],
      ['--help', 'submit'],
      ['help', 'keys', 'create'],
      ['help', 'help-less'],
    ]) {
      const run = await invoke(words, nobody);
      if (words[1] === 'help-less') expect(run).toMatchObject({ code: 2, stdout: '' });
      else
        expect(run).toMatchObject({
          code: 0,
          stdout: expect.stringContaining(`Usage: linkhaul ${words.slice(1).join(' ')}`),
        });
    }
    expect(await invoke(['version'], nobody)).toEqual({ code: 0, stdout: '1.2.3\n', stderr: '' });
    expect((await invoke(['keys', 'crate'], nobody)).stderr).toContain('Did you mean linkhaul keys create?');
    expect((await invoke(['keys', 'list'], nobody)).stderr).toContain(
      'There is keys, keys create, keys rotate, keys delete.',
    );
    expect((await invoke(['jobs', 'job_1'], nobody)).stderr).toContain(
      'jobs takes no argument: "job_1" is one too many.',
    );
    expect((await invoke(['--json', 'jobs'], nobody)).stderr).toContain('linkhaul COMMAND --json');
    expect((await invoke(['help'], nobody)).stdout).toBe((await invoke(['--help'], nobody)).stdout);
  });
});
