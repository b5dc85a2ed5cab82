import type { Host } from './boot.js';
import type { Logger } from './logger.js';

type Release = () => Promise<void> | void;

interface Resource {
  readonly name: string;
  readonly release: Release;
}

/** A resource registers its release when it is opened. They are released in reverse order. */
export interface Lifecycle {
  readonly stopping: AbortSignal;
  onStop(name: string, release: Release): void;
}

/**
 * Runs a process until SIGTERM or SIGINT, then releases its resources in reverse order and exits with 0. A second signal
 * exits at once. After an uncaught error the resources are released too, and the exit code is 1, so that a supervisor
 * restarts the process.
 */
export async function runProcess(host: Host, logger: Logger, start: (life: Lifecycle) => Promise<void>): Promise<void> {
  const resources: Resource[] = [];
  const stopping = new AbortController();
  let stopped: Promise<void> | null = null;
  let exitCode = 0;

  const stop = (reason: string): Promise<void> => {
    stopped ??= (async () => {
      logger.info({ reason }, 'stopping');
      stopping.abort();
      const clean = await releaseAll(resources, logger);
      logger.info('stopped');
      host.exit(clean ? exitCode : 1);
    })();
    return stopped;
  };
  const fail = (error: unknown, reason: string): Promise<void> => {
    // Also while stopping: after an error the exit code must not be 0.
    exitCode = 1;
    logger.fatal({ err: error }, reason);
    return stop(reason);
  };

  host.onSignal((signal) => {
    if (stopping.signal.aborted) host.exit(1);
    void stop(signal);
  });
  for (const event of ['uncaughtException', 'unhandledRejection']) {
    host.on(event, (error) => void fail(error, event));
  }
  try {
    await start({ stopping: stopping.signal, onStop: (name, release) => resources.push({ name, release }) });
  } catch (error) {
    // A start that a signal has interrupted is expected to throw.
    await (stopping.signal.aborted ? stop('interrupted start') : fail(error, 'could not start'));
  }
}

/** Releases the newest first, including resources that a start which is still running registers meanwhile. */
async function releaseAll(resources: Resource[], logger: Logger): Promise<boolean> {
  let clean = true;
  for (let resource = resources.pop(); resource !== undefined; resource = resources.pop()) {
    try {
      await resource.release();
    } catch (error) {
      clean = false;
      logger.error({ err: error, resource: resource.name }, 'release failed');
    }
  }
  return clean;
}
