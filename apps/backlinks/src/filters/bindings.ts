import type { Param, Params } from '../graph/statements.js';

/** Values for a query. Each value gets a name, and the SQL has only the name. */
export interface Bindings {
  /** Adds a value and returns its placeholder. */
  bind(value: Param): string;
  /** Like `bind`, for a regular expression. Check the patterns before the query runs: only RE2 knows whether one is valid. */
  bindPattern(pattern: string): string;
  readonly patterns: readonly string[];
  readonly params: Params;
}

export function createBindings(): Bindings {
  const params: Record<string, Param> = {};
  const patterns: string[] = [];
  const bind = (value: Param) => {
    const name = `bound_${Object.keys(params).length}`;
    params[name] = value;
    return `$${name}`;
  };
  return {
    params,
    patterns,
    bind,
    bindPattern: (pattern) => {
      patterns.push(pattern);
      return bind(pattern);
    },
  };
}
