import { builtApp, type RunningProcess, startProcess } from '@linkhaul/stack';

/** A local Backlinks API that one world has to itself until it gives it back. */
export interface PooledUpstream {
  readonly url: string;
  giveBack(): Promise<void>;
}

interface Idle {
  /** What it was started with. */
  readonly settings: string;
  readonly process: RunningProcess;
}

/**
 * Files of one worker share this list: a start costs as much processor time as a small test, and a reset costs nothing.
 * Those that are left end with the worker.
 */
const idle: Idle[] = [];
const MOST_IDLE = 2;

/** A local Backlinks API with these settings, as it is after its start. */
export async function takeUpstream(env: Readonly<Record<string, string>>): Promise<PooledUpstream> {
  const settings = JSON.stringify(settingsIn(env));
  const at = idle.findIndex((one) => one.settings === settings);
  const [found] = at < 0 ? [] : idle.splice(at, 1);
  const process = found?.process ?? (await start(env));
  const url = `http://127.0.0.1:${process.port}`;
  return {
    url,
    async giveBack() {
      if (await isAsAtTheStart(url)) idle.push({ settings, process });
      else await process.child.stop();
      if (idle.length > MOST_IDLE) await idle.shift()?.process.child.stop();
    },
  };
}

/** What a local Backlinks API reads, and what Node reads before it. */
function settingsIn(env: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(env).filter(([name]) => /^(BACKLINKS_|NODE_OPTIONS$)/.test(name)));
}

function start(env: Readonly<Record<string, string>>): Promise<RunningProcess> {
  const own = { ...settingsIn(env), HOST: '127.0.0.1', PORT: '0' };
  return startProcess({ name: 'backlinks', entry: builtApp('backlinks'), env: own });
}

/** Resets it. One in which requests of the world before are still open is of no use to another. */
async function isAsAtTheStart(url: string): Promise<boolean> {
  const reset = await fetch(`${url}/__control/reset`, { method: 'POST' });
  const record = await fetch(`${url}/__control/record`);
  const { totals } = (await record.json()) as { totals: { open: number } };
  return reset.ok && totals.open === 0;
}
