import type { EstimateTextOptions } from '@linkhaul/client/browser';
import type { EstimateView } from '@linkhaul/schemas';
import type { ComponentChildren } from 'preact';
import { counted } from '../../../format/numbers.js';
import type { ListFormat } from './guess.js';
import type { Reading, Separator } from './reading.js';

const FORMAT_WORDS: Readonly<Record<ListFormat, string>> = {
  text: 'Text, one target per line',
  csv: 'Table (CSV)',
  ndjson: 'NDJSON',
};
const SEPARATOR_WORDS: Readonly<Record<Exclude<Separator, 'auto' | 'none'>, string>> = {
  ',': 'Comma',
  ';': 'Semicolon',
  tab: 'Tab',
  '|': 'Vertical bar',
};
const CHARSETS = ['windows-1252', 'iso-8859-1', 'utf-8', 'utf-16'];

interface ListReadingProps {
  readonly form: EstimateTextOptions;
  readonly reading: Reading;
  readonly input: EstimateView['input'];
  readonly onChange: (changes: Partial<Reading>) => void;
}

/** How the service has read the list. Each part can be corrected. */
export function ListReading({ form, reading, input, onChange }: ListReadingProps) {
  const format = form.format ?? 'text';
  return (
    <div class="list-reading">
      <Part label="Read as" value={format} onChange={(chosen) => onChange({ ...UNSAID, format: formatNamed(chosen) })}>
        {optionsOf(FORMAT_WORDS)}
      </Part>
      {format === 'csv' && (
        <>
          <Part
            label="Between columns"
            value={reading.separator ?? ''}
            onChange={(chosen) => onChange({ separator: separatorNamed(chosen), column: null, idColumn: null })}
          >
            <option value="">{foundOut(separatorWords(input?.separator))}</option>
            {optionsOf(SEPARATOR_WORDS)}
          </Part>
          <Part
            label="Names of columns"
            value={reading.header === null ? '' : String(reading.header)}
            onChange={(chosen) =>
              onChange({ header: chosen === '' ? null : chosen === 'true', column: null, idColumn: null })
            }
          >
            <option value="">{foundOut(headerWords(input))}</option>
            <option value="true">In the first row</option>
            <option value="false">None</option>
          </Part>
        </>
      )}
      {format !== 'ndjson' && (
        <Part
          label="Encoding"
          value={reading.charset ?? ''}
          onChange={(chosen) => onChange({ charset: chosen === '' ? null : chosen })}
        >
          <option value="">{foundOut(input?.encoding)}</option>
          {CHARSETS.map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </Part>
      )}
      {input !== undefined && <p class="quiet">{linesOf(input)}</p>}
    </div>
  );
}

/** Settings that depend on the format, reset when it changes. */
const UNSAID = { separator: null, header: null, column: null, idColumn: null } as const;

interface PartProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly children: ComponentChildren;
}

function Part({ label, value, onChange, children }: PartProps) {
  return (
    <label>
      <span>{label}</span>
      <select value={value} onChange={(event) => onChange(event.currentTarget.value)}>
        {children}
      </select>
    </label>
  );
}

function optionsOf(words: Readonly<Record<string, string>>) {
  return Object.entries(words).map(([value, text]) => (
    <option key={value} value={value}>
      {text}
    </option>
  ));
}

function foundOut(words: string | null | undefined): string {
  return words === null || words === undefined ? 'Detected' : `Detected: ${words}`;
}

function separatorWords(separator: string | null | undefined): string | null {
  if (separator === undefined) return null;
  const known = Object.entries(SEPARATOR_WORDS).find(([name]) => name === separator);
  return known === undefined ? (separator ?? 'none') : known[1].toLowerCase();
}

function headerWords(input: EstimateView['input']): string | null {
  if (input === undefined) return null;
  return input.header === null ? 'none' : `line ${input.header}`;
}

function linesOf({ lines, blank, comments }: NonNullable<EstimateView['input']>): string {
  const passed = [blank > 0 && `${blank} blank`, comments > 0 && counted(comments, 'comment')].filter(Boolean);
  return `${counted(lines, 'line')}${passed.length === 0 ? '' : `, ${passed.join(' and ')} passed over`}`;
}

function formatNamed(name: string): ListFormat {
  return name === 'csv' || name === 'ndjson' ? name : 'text';
}

function separatorNamed(name: string): Separator | null {
  return name === ',' || name === ';' || name === 'tab' || name === '|' ? name : null;
}
