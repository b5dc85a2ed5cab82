/** A scraped metric: its type, and the value of each of its series, by `name{label="value"}`. */
export interface Scraped {
  readonly type: string;
  readonly series: ReadonlyMap<string, number>;
}

const NAME = '[a-zA-Z_:][a-zA-Z0-9_:]*';
const LABEL = `[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\\\\n]|\\\\["\\\\n])*"`;
const HELP = new RegExp(`^# HELP (${NAME}) ((?:[^\\\\]|\\\\[\\\\n])+)$`);
const TYPE = new RegExp(`^# TYPE (${NAME}) (counter|gauge|histogram)$`);
const SAMPLE = new RegExp(`^(${NAME})((?:\\{${LABEL}(?:,${LABEL})*\\})?) (NaN|[+-]Inf|-?[0-9.]+(?:e[+-]?[0-9]+)?)$`);

interface Metric extends Scraped {
  readonly name: string;
  readonly series: Map<string, number>;
}

/** Reads the Prometheus text format as strictly as its description; throws at what is not of it. */
export function parseMetrics(text: string): Map<string, Scraped> {
  const metrics = new Map<string, Metric>();
  if (!text.endsWith('\n')) throw new Error('the last line does not end');
  for (const block of text.slice(0, -1).split(/\n(?=# HELP )/)) {
    const [help = '', type = '', ...samples] = block.split('\n');
    const metric = metricOf(help, type);
    if (metrics.has(metric.name)) throw new Error(`${metric.name} stands twice`);
    metrics.set(metric.name, metric);
    for (const line of samples) addSample(metric, line);
    if (metric.type === 'histogram') checkHistogram(metric);
  }
  return metrics;
}

function metricOf(helpLine: string, typeLine: string): Metric {
  const [, name = ''] = HELP.exec(helpLine) ?? [];
  const [, typed, type = ''] = TYPE.exec(typeLine) ?? [];
  if (name !== typed) throw new Error(`not of the format: ${helpLine}\n${typeLine}`);
  return { name, type, series: new Map() };
}

function addSample(metric: Metric, line: string): void {
  const [, name = '', labels = '', value = ''] = SAMPLE.exec(line) ?? [];
  const parts = metric.type === 'histogram' ? ['_bucket', '_sum', '_count'] : [''];
  const isOf = parts.some((part) => name === `${metric.name}${part}`);
  if (!isOf || metric.series.has(`${name}${labels}`)) throw new Error(`not of the format: ${line}`);
  metric.series.set(`${name}${labels}`, Number(value.replace('Inf', 'Infinity')));
}

/** Buckets rise to `+Inf`, which is the count. */
function checkHistogram({ name, series }: Metric): void {
  const last = new Map<string, { le: number; value: number }>();
  for (const [key, value] of series) {
    const [, bound] = /le="([^"]+)"/.exec(key) ?? [];
    if (bound === undefined) continue;
    const of = key
      .replace(/,?le="[^"]+"/, '')
      .replace('_bucket', '_count')
      .replace('{,', '{')
      .replace('{}', '');
    const before = last.get(of) ?? { le: Number.NEGATIVE_INFINITY, value: 0 };
    const le = Number(bound.replace('Inf', 'Infinity'));
    if (le <= before.le || value < before.value) throw new Error(`the buckets of ${name} do not rise: ${key}`);
    last.set(of, { le, value });
  }
  for (const [key, { le, value }] of last) {
    if (le !== Number.POSITIVE_INFINITY || series.get(key) !== value) throw new Error(`${key} is not its last bucket`);
  }
}
