export { type EnvResult, type EnvSource, envForm, readEnv } from './env.ts';
export { type HttpServer, listen } from './http.ts';
export { type Lifecycle, type ProcessLike, runProcess } from './lifecycle.ts';
export { createLogger, type Logger } from './logger.ts';
