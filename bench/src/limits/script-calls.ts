import { once } from 'node:events';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';

/** A line of MONITOR: `+<time> [<db> <address, or lua>] "COMMAND" "first argument" …` */
const LINE = /^\+\d+\.\d+ \[\d+ (\S+)\] "(\w+)" "([^"]*)"/;
const PERMIT_KEY = /:account:[^:]+:permit$/;

/**
 * Counts the runs of the permit's scripts in all processes. MONITOR shows every command, followed by the commands of its script. A
 * script that uses the account's permit key is one of the permit's.
 */
export async function permitScriptCalls(redisUrl: string, ms: number): Promise<number> {
  const { hostname, port } = new URL(redisUrl);
  const calls = new Map<string, number>();
  const ofPermit = new Set<string>();
  let script = '';
  const hear = (line: string) => {
    const [, source, command = '', first = ''] = LINE.exec(line) ?? [];
    if (source === 'lua') {
      if (PERMIT_KEY.test(first)) ofPermit.add(script);
    } else if (command.toLowerCase() === 'evalsha') {
      script = first;
      calls.set(script, (calls.get(script) ?? 0) + 1);
    }
  };
  // A plain socket, because ioredis 6 fails if the first line arrives together with the reply to MONITOR.
  const socket = connect(Number(port), hostname);
  try {
    await once(socket, 'connect');
    createInterface({ input: socket }).on('line', hear);
    socket.write('MONITOR\r\n');
    await sleep(ms);
  } finally {
    socket.destroy();
  }
  return [...calls].reduce((sum, [name, count]) => sum + (ofPermit.has(name) ? count : 0), 0);
}
