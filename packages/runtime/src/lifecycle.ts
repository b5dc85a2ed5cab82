import type { Logger } from './logger.ts';

type Release = () => Promise<void> | void;

/** Resources register their own release as they open; they close in reverse order. */
export interface Lifecycle {
  readonly stopping: AbortSignal;
  onStop(name: string, release: Release): void;
}

/** The parts of `process` that a life needs, so that only main.ts names the real one. */
export interface ProcessLike {
  on(event: string, listener: (...details: unknown[]) => void): unknown;
  exit(code: number): never;
}

/**
 * Runs a process until SIGTERM or SIGINT, then releases in reverse and exits 0. A second signal exits at once;
 * an error that nobody caught is logged, everything is released, and the exit code is 1, so that a supervisor restarts it.
 */
export async function runProcess(
  host: ProcessLike,
  logger: Logger,
  start: (life: Lifecycle) => Promise<void>,
): Promise<void> {
  const releases: { name: string; release: Release }[] = [];
  const stopping = new AbortController();
  let stopped: Promise<void> | null = null;

  const stop = (code: number, reason: string): Promise<void> => {
    stopped ??= (async () => {
      logger.info({ reason }, 'stopping');
      stopping.abort();
      const clean = await releaseAll(releases, logger);
      logger.info('stopped');
      host.exit(clean ? code : 1);
    })();
    return stopped;
  };

  for (const signal of ['SIGTERM', 'SIGINT']) {
    host.on(signal, () => {
      if (stopping.signal.aborted) host.exit(1);
      void stop(0, signal);
    });
  }
  for (const event of ['uncaughtException', 'unhandledRejection']) {
    host.on(event, (error) => {
      logger.fatal({ err: error }, event);
      void stop(1, event);
    });
  }
  try {
    await start({ stopping: stopping.signal, onStop: (name, release) => releases.push({ name, release }) });
  } catch (error) {
    logger.fatal({ err: error }, 'could not start');
    await stop(1, 'start failed');
  }
}

async function releaseAll(releases: { name: string; release: Release }[], logger: Logger): Promise<boolean> {
  let clean = true;
  for (const { name, release } of releases.reverse()) {
    try {
      await release();
    } catch (error) {
      clean = false;
      logger.error({ err: error, resource: name }, 'release failed');
    }
  }
  return clean;
}
