import { type FindOptions, findProgram } from './programs.js';

const WAYS = `No Redis was found. Any of these will do:
  - set REDIS_URL to one that runs, such as redis://127.0.0.1:6379
  - install it: apt-get install redis-server, dnf install redis, or brew install redis
  - start one in a container: docker run -p 6379:6379 redis, then REDIS_URL=redis://127.0.0.1:6379`;

/** Finds a Redis or Valkey server. Installs Redis first if both are missing and `mayInstall` allows it. */
export function redisBinary(options: FindOptions): Promise<string> {
  const binaries = ['redis-server', 'valkey-server'];
  return findProgram({ title: 'Redis', binaries, debianPackage: 'redis-server', ways: WAYS }, options);
}
