import type { Logger } from '@linkhaul/runtime';
import type { MakingStep } from './graph/making.js';

const PROGRESS_MS = 10_000;

interface MakingLog {
  onStep(step: MakingStep): void;
  end(): void;
}

/** Logs that a graph is being made, from what, and from time to time how far it is. Logs nothing if no graph is made. */
export function createMakingLog(logger: Logger, about: Readonly<Record<string, unknown>>): MakingLog {
  let last: MakingStep | null = null;
  let timer: NodeJS.Timeout | undefined;
  return {
    onStep: (step) => {
      if (last === null) {
        logger.info(about, 'making the graph');
        timer = setInterval(() => logger.info({ ...last }, 'still making the graph'), PROGRESS_MS);
      }
      last = step;
    },
    end: () => clearInterval(timer),
  };
}
