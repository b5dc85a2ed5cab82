import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A folder that goes when the test ends. */
export function temporaryFolder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'linkhaul-stack-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

/** A small program on disk, to be run as a process. */
export function script(source: string): string {
  const path = join(temporaryFolder(), 'main.mjs');
  writeFileSync(path, source);
  return path;
}

/** A program that behaves as ours do: says where it listens, ends on SIGTERM. */
export const WELL_BEHAVED = `
import { createServer } from 'node:http';
const server = createServer((_, response) => response.end(process.env.GREETING));
console.log('not JSON: "listening"');
server.listen(Number(process.env.PORT ?? 0), '127.0.0.1', () => {
  console.log(JSON.stringify({ level: 'info', msg: 'listening', port: server.address().port }));
});
process.on('SIGTERM', () => server.close(() => console.log('drained')));
process.on('SIGINT', () => process.exit(9));
`;
