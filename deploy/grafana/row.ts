/** A line of a panel: its expression, and its name by Grafana's pattern, such as `{{state}}`. */
type Line = readonly [expression: string, name: string];

export interface Panel {
  readonly title: string;
  /** Grafana's name of the unit. */
  readonly unit: 'short' | 's' | 'bytes' | 'percentunit' | 'currencyUSD' | 'reqps' | 'dtdurations' | 'cps';
  readonly lines: readonly Line[];
  /** One big number instead of a chart. */
  readonly isNumber?: true;
}

export interface Row {
  readonly title: string;
  readonly panels: readonly Panel[];
}
