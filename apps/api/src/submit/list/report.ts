import {
  explainHint,
  explainInvalid,
  type HintCode,
  hintOf,
  type InputReport,
  type InvalidCode,
  type ListEncoding,
  type ListFormat,
  type Normalised,
  trimRow,
} from '@linkhaul/schemas';
import { keptOfInvalid } from '@linkhaul/storage';
import type { InputRow } from '../submission.js';
import type { CsvReading } from './csv-head.js';
import type { ListReader } from './read-list.js';
import { separatorName } from './separators.js';

const MOST_SHOWN = 5;

/** Notes how a list is read, while it is read. */
export interface ListReport {
  format(format: ListFormat): void;
  encoding(encoding: ListEncoding): void;
  columns(reading: CsvReading): void;
  lines(read: Pick<ListReader, 'line' | 'passed'>): void;
  hint(line: number, code: HintCode): void;
  valid(row: InputRow, normalised: Extract<Normalised, { readonly ok: true }>): void;
  invalid(row: InputRow, code: InvalidCode): void;
  /** The report as the answer shows it. */
  view(): InputReport;
}

export function createReport(): ListReport {
  const report: InputReport = {
    format: 'json',
    encoding: 'utf-8',
    separator: null,
    header: null,
    column: null,
    id_column: null,
    lines: 0,
    blank: 0,
    comments: 0,
    invalid_sample: [],
    hints: [],
  };
  let rows = 0;
  let tooWide = 0;
  const { invalid_sample: sample, hints } = report;
  return {
    format(format) {
      report.format = format;
    },
    encoding(encoding) {
      report.encoding = encoding;
    },
    columns(reading) {
      Object.assign(report, shown(reading));
    },
    lines({ line, passed }) {
      Object.assign(report, { lines: line - 1, ...passed });
    },
    hint(line, code) {
      if (hints.length < MOST_SHOWN) hints.push({ line, ...explainHint(code) });
    },
    valid({ line, input }, { target, kind }) {
      rows++;
      // A host that is already in normal form is never odd.
      if (hints.length === MOST_SHOWN || (input === target && kind !== 'page' && kind !== 'set')) return;
      const texts = kind === 'set' ? input.split(/\s+/) : [input];
      const [hint] = texts.flatMap((text) => hintOf(text) ?? []);
      if (hint !== undefined) hints.push({ line, ...hint });
    },
    invalid({ line, input }, code) {
      rows++;
      if (code === 'too_many_fields') tooWide++;
      if (sample.length === MOST_SHOWN) return;
      const beginning = keptOfInvalid(input);
      sample.push({ line, input: beginning, code, message: explainInvalid({ code, input: beginning }) });
    },
    view() {
      if (tooWide * 2 <= rows) return report;
      const isTitle = ` Is line ${report.header ?? 1} a title? Then name the column with column=, and its header is found.`;
      return {
        ...report,
        invalid_sample: sample.map((one) =>
          one.code === 'too_many_fields' ? { ...one, message: one.message + isTitle } : one,
        ),
      };
    },
  };
}

function shown({ separator, header, target, id }: CsvReading) {
  const nameOf = (place: number) => trimRow(header?.texts[place] ?? '') || place + 1;
  return {
    separator: separatorName(separator),
    header: header?.line ?? null,
    column: nameOf(target),
    id_column: id === null ? null : nameOf(id),
  };
}
