import type { Scraped } from '../packages/runtime/test/exposition.js';

/** Labels that Prometheus adds to everything that it scrapes. */
const ITS_OWN = ['job', 'instance'];
/** Labels whose values depend on the requests that arrive. */
const OPEN_SETS = ['status', 'route', 'method'];

const OURS = /\b((?:linkhaul|process|nodejs)_\w+)(?:\{([^}]*)\})?/g;

export function metricsIn(expression: string, scraped: ReadonlyMap<string, Scraped>): string[] {
  return [...expression.matchAll(OURS)].map(([, name = '']) => familyOf(name, scraped));
}

/** A histogram is queried by the names of its parts. */
function familyOf(name: string, scraped: ReadonlyMap<string, Scraped>): string {
  const whole = name.replace(/_(bucket|sum|count)$/, '');
  return scraped.get(whole)?.type === 'histogram' ? whole : name;
}

/** What the expression queries although no process reports it: a metric, one of its labels, or a label's value. */
export function unknownIn(expression: string, scraped: ReadonlyMap<string, Scraped>): string[] {
  const labels = [...expression.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, names = '']) => names.split(/,\s*/));
  const known = metricsIn(expression, scraped).flatMap((name) => [...labelsOf(scraped.get(name)).keys()]);
  const unknown = labels.filter((label) => ![...known, ...ITS_OWN, 'le'].includes(label));
  return [...unknown, ...[...expression.matchAll(OURS)].flatMap((match) => unknownSelector(match, scraped))];
}

function unknownSelector([, name = '', selector = '']: readonly string[], scraped: ReadonlyMap<string, Scraped>) {
  const metric = scraped.get(familyOf(name, scraped));
  if (metric === undefined) return [name];
  const labels = labelsOf(metric);
  return [...selector.matchAll(/(\w+)(=~|!~|!=|=)"([^"]*)"/g)].flatMap(
    ([matcher, label = '', operator, pattern = '']) => {
      if (ITS_OWN.includes(label)) return [];
      const values = labels.get(label);
      if (values === undefined) return [`${name}{${matcher}}`];
      const isPattern = operator === '=~' || operator === '!~';
      const isMet = [...values].some((value) =>
        isPattern ? new RegExp(`^(?:${pattern})$`).test(value) : value === pattern,
      );
      return isMet || OPEN_SETS.includes(label) ? [] : [`${name}{${matcher}}`];
    },
  );
}

/** The values of each label of the metric's series. */
function labelsOf(metric: Scraped | undefined): Map<string, Set<string>> {
  const labels = new Map<string, Set<string>>();
  for (const series of metric?.series.keys() ?? []) {
    for (const [, label = '', value = ''] of series.matchAll(/(\w+)="([^"]*)"/g)) {
      labels.set(label, (labels.get(label) ?? new Set()).add(value));
    }
  }
  return labels;
}
