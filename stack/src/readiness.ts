import type { Child } from './child.js';
import { StackFailure } from './failure.js';

interface Waiting<T> {
  readonly name: string;
  readonly child: Child;
  /** Resolves when the child reports that it is ready. */
  readonly ready: Promise<T>;
  readonly withinMs: number;
  /** Stops the child and rejects at once. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Resolves with the child's ready message. Throws a `StackFailure` with the child's output if the child exits or does
 * not become ready in time.
 */
export async function readyOrFailure<T>({ name, child, ready, withinMs, signal }: Waiting<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve(`was not ready after ${withinMs / 1000} s`), withinMs);
    const interrupt = () => resolve('was interrupted before it was ready');
    if (signal?.aborted) interrupt();
    signal?.addEventListener('abort', interrupt, { once: true });
  });
  const ended = child.exited.then((how) => `ended with ${how} before it was ready`);
  const outcome = await Promise.race([
    ready.then((value) => ({ value })),
    ended.then((failure) => ({ failure })),
    late.then((failure) => ({ failure })),
  ]);
  clearTimeout(timer);
  if ('value' in outcome) return outcome.value;
  await child.kill();
  const output = child.tail();
  throw new StackFailure(
    `${name} ${outcome.failure}.${output === '' ? ' It printed nothing.' : `\n${indent(output)}`}`,
  );
}

function indent(text: string): string {
  return text.replace(/^/gm, '    ');
}
