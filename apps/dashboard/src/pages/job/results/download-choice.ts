import type { RowStatus } from '@linkhaul/schemas';

export type FileForm = 'ndjson' | 'csv' | 'spreadsheet' | 'parquet';
export type Listing = 'results' | 'rows';

export interface DownloadChoice {
  readonly jobId: string;
  readonly listing: Listing;
  readonly form: FileForm;
  /** Empty for every outcome. */
  readonly statuses: readonly RowStatus[];
}

export const FORMS: Readonly<Record<Listing, readonly FileForm[]>> = {
  results: ['spreadsheet', 'csv', 'ndjson', 'parquet'],
  rows: ['spreadsheet', 'csv', 'ndjson'],
};

export const FORM_WORDS: Readonly<Record<FileForm, { readonly title: string; readonly use: string }>> = {
  spreadsheet: {
    title: 'CSV for spreadsheets',
    use: 'Opens in Excel, Numbers and Google Sheets. No text is taken for a formula.',
  },
  csv: {
    title: 'CSV',
    use: 'For databases and scripts. Columns are fixed, nested fields have names such as page_summary__rank.',
  },
  ndjson: { title: 'NDJSON', use: 'One JSON object per line, with the item of the upstream untouched.' },
  parquet: { title: 'Parquet', use: 'Typed columns for DuckDB, Spark and warehouses: small, and fast to query.' },
};

/** The path and query of the download. */
export function downloadPath({ jobId, listing, form, statuses }: DownloadChoice): string {
  const query = [
    `format=${form === 'spreadsheet' ? 'csv' : form}`,
    ...(form === 'spreadsheet' ? ['spreadsheet=1'] : []),
    ...(statuses.length > 0 ? [`status=${statuses.join(',')}`] : []),
  ];
  return `/v1/jobs/${encodeURIComponent(jobId)}/${listing}?${query.join('&')}`;
}

export function fileName({ listing, form }: Pick<DownloadChoice, 'listing' | 'form'>): string {
  return `${listing}.${form === 'spreadsheet' ? 'csv' : form}`;
}
