import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The only credentials that it knows. */
export const S3RVER_KEYS = { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER', sessionToken: null };

/** s3rver in a process of its own: a store by others, which does not know conditional writes. */
export interface S3rver {
  readonly endpoint: string;
  readonly folder: string;
  close(): Promise<void>;
}

export async function startS3rver(bucket: string): Promise<S3rver> {
  const folder = await mkdtemp(join(tmpdir(), 's3rver-'));
  const program = createRequire(import.meta.url).resolve('s3rver/bin/s3rver.js');
  const options = ['--directory', folder, '--port', '0', '--address', '127.0.0.1', '--silent'];
  // Its tokens for the next page of a list are made by a cipher that OpenSSL keeps apart.
  const child = spawn(
    process.execPath,
    ['--openssl-legacy-provider', program, ...options, '--configure-bucket', bucket],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const endpoint = await endpointOf(child);
  return {
    endpoint,
    folder,
    async close() {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGKILL');
        await once(child, 'exit');
      }
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function endpointOf({ stdout }: ChildProcess): Promise<string> {
  let said = '';
  for await (const text of stdout ?? []) {
    said += text;
    const [, port] = /listening on \S+:(\d+)/.exec(said) ?? [];
    if (port !== undefined) return `http://127.0.0.1:${port}`;
  }
  throw new Error(`s3rver has not started: ${said}`);
}
