import type { Param, Params } from '../graph/statements.js';

/** Values on their way into a query: each gets a name, and only the name stands in the SQL. */
export interface Bindings {
  /** The placeholder of the value. */
  bind(value: Param): string;
  /** The same for a regular expression, which must be tried before it runs: only RE2 knows whether it is one. */
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
