import { describe, expect, it } from 'vitest';
import { downloadPath } from '../src/pages/job/results/download-choice.js';
import { curlCommand, pythonLines, sqlLines } from '../src/pages/job/results/download-commands.js';

const job = { jobId: 'job_1', statuses: [] } as const;
const open = { origin: 'http://127.0.0.1:8080', needsKey: false };
const keyed = { origin: 'https://links.example.com', needsKey: true };

describe('a download', () => {
  it('names its form and outcomes as the service does', () => {
    expect(downloadPath({ ...job, listing: 'results', form: 'spreadsheet', statuses: ['ok', 'failed'] })).toBe(
      '/v1/jobs/job_1/results?format=csv&spreadsheet=1&status=ok,failed',
    );
    expect(downloadPath({ ...job, listing: 'rows', form: 'ndjson' })).toBe('/v1/jobs/job_1/rows?format=ndjson');
  });

  it('by curl fails where it is refused, and sends a key only where one is needed', () => {
    const choice = { ...job, listing: 'results', form: 'parquet' } as const;
    expect(curlCommand(choice, open)).toBe(
      `curl --fail --compressed -o results.parquet \\\n  '${open.origin}/v1/jobs/job_1/results?format=parquet'`,
    );
    expect(curlCommand(choice, keyed)).toContain('-H "Authorization: Bearer $LINKHAUL_API_KEY"');
  });

  it('by Python needs nothing else', () => {
    const choice = { ...job, listing: 'rows', form: 'csv' } as const;
    expect(pythonLines(choice, open)).toMatchInlineSnapshot(`
      "import csv, io, urllib.request

      request = urllib.request.Request("http://127.0.0.1:8080/v1/jobs/job_1/rows?format=csv")
      with urllib.request.urlopen(request) as answer:
          for line in csv.DictReader(io.TextIOWrapper(answer, "utf-8", newline="")):
              print(line["target"], line["status"])"
    `);
    expect(pythonLines(choice, keyed)).toContain('os.environ["LINKHAUL_API_KEY"]');
  });

  it('is read by DuckDB with the types of its columns', () => {
    const sql = sqlLines({ ...job, listing: 'rows', form: 'ndjson' });
    expect(sql).toContain("read_ndjson('rows.ndjson', columns = { line: 'BIGINT', input: 'VARCHAR'");
    expect(sqlLines({ ...job, listing: 'results', form: 'parquet' })).toContain("read_parquet('results.parquet')");
  });
});
