import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

const PROBE_EVERY_MS = 5;

/** How long some work takes, and how long `/healthz` does meanwhile; in milliseconds. */
export async function during(
  { url }: { url: string },
  work: () => Promise<void>,
): Promise<{ ms: number; probes: number[] }> {
  const probes: number[] = [];
  const over = new AbortController();
  const probing = (async () => {
    while (!over.signal.aborted) {
      const from = performance.now();
      await (await fetch(`${url}/healthz`)).arrayBuffer();
      probes.push(performance.now() - from);
      await sleep(PROBE_EVERY_MS);
    }
  })();
  const startedAt = performance.now();
  try {
    await work();
    return { ms: performance.now() - startedAt, probes };
  } finally {
    over.abort();
    await probing;
  }
}

/** The most memory that a process has had, as Linux counts it. */
export async function peakMemory(pid: number): Promise<string> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const kib = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1];
  return kib === undefined ? '' : (Number(kib) / 1024).toFixed(0);
}
