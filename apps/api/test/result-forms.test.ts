import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { finishedListJob } from './finished-job.js';
import { ask } from './http.js';
import { rawly } from './raw.js';
import { createStarter, type Service } from './service.js';

const starter = createStarter();
let service: Service;

beforeAll(async () => {
  service = await starter.start();
});
afterAll(starter.closeAll);

describe('NDJSON with maps=pairs', () => {
  it('has maps as lists, and is the same in all else', async () => {
    const url = `${await finishedListJob(service)}/results?format=ndjson`;
    const linesOf = async (query: string) =>
      (await ask(url + query)).text
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line));
    const [plain, paired] = [await linesOf(''), await linesOf('&maps=pairs')];
    const [first] = plain.filter(({ data }) => data?.page_summary);
    const { referring_links_countries: countries, ...others } = first.data.page_summary;
    expect(countries).toEqual({ '': 7, US: 1 });
    const pairs = [
      { key: '', value: 7 },
      { key: 'US', value: 1 },
    ];
    const data = { ...first.data, page_summary: { ...others, referring_links_countries: pairs } };
    expect(paired).toEqual(plain.map((line) => (line.data?.page_summary ? { ...line, data } : line)));
  });
});

describe('CSV', () => {
  const recordsOf = async (query: string) => {
    const { body } = await rawly(`${await finishedListJob(service)}/${query}`);
    return String(body);
  };

  it('quotes what needs it, and tells nothing from an empty text', async () => {
    const text = await recordsOf('results?format=csv');
    expect(text).toContain(',"https://a.com/""x"",\n",');
    expect(text).toContain(',@SUM(A1),');
    expect(text).toContain('1,a.com,=1+1,a.com,ok,,0,');
    expect(text).toContain(`,"{""fetch_time"":""never"",""more"":{""new"":1}}",`);
    expect(text).toContain(',2024-01-02T03:04:05.000Z,');
    expect(text).toMatch(/^4,www\.a\.com,,a\.com,ok,1,1,1,[^,]+,upstream,,,,,"",,/m);
  });

  it('guards spreadsheets against formulas, and leaves numbers alone', async () => {
    const text = await recordsOf('results?format=csv&spreadsheet=1');
    expect(text).toMatch(/^\ufeffline,input,/);
    expect(text).toContain(",'@SUM(A1),");
    expect(text).toContain("1,a.com,'=1+1,a.com,");
    expect(text).toContain(',-3,');
  });

  it('has one record an input row for rows', async () => {
    const [header, ...records] = (await recordsOf('rows?format=csv&spreadsheet=1')).split('\r\n');
    expect(header).toBe(
      '\ufeffline,input,id,target,target_kind,status,duplicate_of,items,total_count,truncated,cost_usd,fetched_at,call,' +
        'error__code,error__message,error__retryable,error__attempts',
    );
    expect(records).toHaveLength(6);
    expect(records[1]).toMatch(/^2,no,,,,invalid,,0,,,0,,,single_label,.*,false,0$/);
    expect(records[0]).toMatch(/^1,a.com,'=1\+1,a.com,domain,ok,,2,3,upstream,0.024,.*Z,1,,,,$/);
    expect(records[3]).toMatch(/^4,www.a.com,,a.com,domain,ok,1,2,3,upstream,0,.*Z,1,,,,$/);
  });
});
