import { readFile } from 'node:fs/promises';

/** Memory in bytes. */
interface Seen {
  memory: number;
  cpuSeconds: number;
}

const TICKS_PER_SECOND = 100;

/** Adds up what Linux tells now of a process and its children. Keeps the most that was seen. */
export async function familyOf(parent: number, seen: Seen): Promise<void> {
  const children = await readFile(`/proc/${parent}/task/${parent}/children`, 'utf8').catch(() => '');
  const pids = [parent, ...children.trim().split(' ').filter(Boolean).map(Number)];
  const processes = await Promise.all(pids.map(oneProcess));
  seen.memory = Math.max(
    seen.memory,
    processes.reduce((sum, { memory }) => sum + memory, 0),
  );
  seen.cpuSeconds = Math.max(
    seen.cpuSeconds,
    processes.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0),
  );
}

async function oneProcess(pid: number): Promise<Seen> {
  const [status, times] = await Promise.all(
    ['status', 'stat'].map((name) => readFile(`/proc/${pid}/${name}`, 'utf8').catch(() => '')),
  );
  const kilobytes = Number(/^VmRSS:\s+(\d+)/m.exec(status ?? '')?.[1] ?? 0);
  const [, user = 0, system = 0] = /\) (?:\S+ ){11}(\d+) (\d+)/.exec(times ?? '') ?? [];
  return { memory: kilobytes * 1024, cpuSeconds: (Number(user) + Number(system)) / TICKS_PER_SECOND };
}
