import type { Environment, Say } from './limits/service.js';

/** A part of a bench returns its table: a record for each row, by heading. */
export type Part = (env: Environment, say: Say) => Promise<Record<string, string>[]>;

interface Parts {
  readonly parts: Readonly<Record<string, Part>>;
  /** The part to run; by default all of them. */
  readonly part: string | undefined;
}

/** Runs parts of a bench, one after the other. */
export async function runParts({ parts, part }: Parts, env: Environment, say: Say) {
  const wanted = Object.entries(parts).filter(([name]) => part === undefined || name === part);
  if (wanted.length === 0) throw new Error(`There is no part ${part}: it has ${Object.keys(parts).join(', ')}`);
  const figures: Record<string, Record<string, string>[]> = {};
  for (const [name, run] of wanted) {
    figures[name] = await run(env, say);
    say('');
  }
  return figures;
}
