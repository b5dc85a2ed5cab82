import type { Trouble } from './stand-in.js';

const KINDS: readonly Trouble[] = ['busy', 'cut_request', 'cut_answer'];

/** Trouble for every fifth new request. The same request succeeds when it is repeated. */
export function nowAndThen(): (request: { readonly method: string; readonly path: string }) => Trouble | null {
  const seen = new Set<string>();
  return ({ method, path }) => {
    const isNew = !seen.has(`${method} ${path}`);
    seen.add(`${method} ${path}`);
    return isNew && seen.size % 5 === 0 ? (KINDS[(seen.size / 5) % KINDS.length] ?? null) : null;
  };
}
