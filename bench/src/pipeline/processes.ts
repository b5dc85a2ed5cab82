import { readFile } from 'node:fs/promises';

/** Linux counts processor time in hundredths of a second. */
const TICK_MS = 10;
const USER_TIME = 11;
const SYSTEM_TIME = 12;

/** The processor time that all threads of a process have used so far. */
export async function cpuMs(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return TICK_MS * (Number(fields[USER_TIME]) + Number(fields[SYSTEM_TIME]));
}
