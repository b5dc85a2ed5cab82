export type { Child } from './child.js';
export { chromiumBinary } from './chromium-binary.js';
export {
  CRASH_POINTS,
  type Crash,
  type CrashedAt,
  type CrashPoint,
  crashPoints,
  WHILE_PLANNING,
} from './crash/points.js';
export { StackFailure } from './failure.js';
export { freePort } from './free-port.js';
export { type NameServer, startNameServer } from './name-server.js';
export { type ProcessOptions, type RunningProcess, startProcess } from './processes.js';
export { promtoolBinary } from './promtool-binary.js';
export { pythonBinary } from './python-binary.js';
export { openThrowawayRedis, type Redis } from './redis.js';
export { redisBinary } from './redis-binary.js';
export { type RedisServer, type RedisServerOptions, startRedisServer, startSentinel } from './redis-server.js';
export { refuseWrites } from './refuse-writes.js';
export { type ReplicatedRedis, startCluster, startSentinels } from './replicated-redis.js';
export { type AppName, builtApp, examplePath, repositoryRoot } from './repository.js';
export {
  BUCKET,
  STORE_KEYS,
  STORE_REGION,
  type StandIn,
  type StandInOptions,
  startStandIn,
  type Trouble,
} from './s3/stand-in.js';
export { nowAndThen } from './s3/trouble.js';
export { type Stack, type StackOptions, startStack } from './stack.js';
