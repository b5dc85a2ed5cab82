/** One series of a metric. Label values come from closed sets, because every set of labels stays in memory until the process ends. */
export type Labels = Readonly<Record<string, string>>;

export interface Sample {
  readonly labels?: Labels;
  readonly value: number;
  /** For a histogram's series: `_bucket`, `_sum` or `_count`. */
  readonly part?: 'bucket' | 'sum' | 'count';
}

/** A metric's name and meaning. The name ends in the unit, a base unit: seconds, bytes, ratio. */
export interface About {
  readonly name: string;
  readonly help: string;
}

/** A metric with its values now. */
export interface Family extends About {
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly samples: readonly Sample[];
}

/** A gauge, with one value or one for each series. */
export function gauge(about: About, now: number | readonly Sample[]): Family {
  return { ...about, type: 'gauge', samples: typeof now === 'number' ? [{ value: now }] : now };
}

/** The Prometheus text format, version 0.0.4. */
export function metricsText(families: readonly Family[]): string {
  return families.map(familyText).join('');
}

function familyText({ name, help, type, samples }: Family): string {
  const lines = samples.map(
    ({ labels = {}, value, part }) =>
      `${part === undefined ? name : `${name}_${part}`}${labelText(labels)} ${numberText(value)}\n`,
  );
  return `# HELP ${name} ${help.replace(/[\\\n]/g, escaped)}\n# TYPE ${name} ${type}\n${lines.join('')}`;
}

/** Labels as text, in sorted order, so that equal labels give equal texts. */
export function labelText(labels: Labels): string {
  const pairs = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1));
  if (pairs.length === 0) return '';
  return `{${pairs.map(([name, value]) => `${name}="${value.replace(/[\\\n"]/g, escaped)}"`).join(',')}}`;
}

function escaped(character: string): string {
  return character === '\n' ? '\\n' : `\\${character}`;
}

function numberText(value: number): string {
  if (Math.abs(value) === Number.POSITIVE_INFINITY) return value > 0 ? '+Inf' : '-Inf';
  return String(value);
}
