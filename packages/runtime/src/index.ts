export { type EnvResult, type EnvSource, envForm, readEnv } from './env.js';
export { healthRoutes } from './health.js';
export { type HttpServer, listen } from './http.js';
export { type Lifecycle, type ProcessLike, runProcess } from './lifecycle.js';
export { createLogger, type Logger } from './logger.js';
