import { manifest } from '@linkhaul/schemas';
import { MEDIA_TYPES } from './body.js';
import { diffQuery, queryOf } from './filters.js';
import type { LinkhaulClient } from './linkhaul-client.js';
import type { Transport } from './transport.js';

type Files = 'download' | 'downloadRows' | 'downloadTagResults' | 'downloadTagDiff' | 'downloadUsage' | 'manifest';

/** Answers as files of a form, byte for byte. */
export function downloading(transport: Transport): Pick<LinkhaulClient, Files> {
  return {
    download: async (id, { format, spreadsheet, status, signal }) => {
      const query = queryOf({ format, spreadsheet: spreadsheet ? 1 : undefined, status });
      const request = { path: ['jobs', id, 'results'], query, signal };
      return (await transport.stream(request, MEDIA_TYPES[format])).body;
    },
    downloadRows: async (id, { format, spreadsheet, status, signal }) => {
      const query = queryOf({ format, spreadsheet: spreadsheet ? 1 : undefined, status });
      return (await transport.stream({ path: ['jobs', id, 'rows'], query, signal }, MEDIA_TYPES[format])).body;
    },
    downloadTagResults: async (tag, { format, spreadsheet, endpoint, job, minOk, status, signal }) => {
      const csv = { spreadsheet: spreadsheet ? 1 : undefined };
      const query = queryOf({ format, ...csv, endpoint, job, min_ok: minOk, status });
      const request = { path: ['tags', tag, 'results'], query, signal };
      const { headers, body } = await transport.stream(request, MEDIA_TYPES[format]);
      return { job: headers.get('x-linkhaul-job'), body };
    },
    downloadTagDiff: async (tag, { format, spreadsheet, signal, ...filter }) => {
      const csv = queryOf({ spreadsheet: spreadsheet ? 1 : undefined });
      const query = new URLSearchParams([...diffQuery(filter, format), ...csv]);
      const request = { path: ['tags', tag, 'diff'], query, signal };
      return (await transport.stream(request, MEDIA_TYPES[format])).body;
    },
    downloadUsage: async ({ from, to, groupBy, spreadsheet, signal } = {}) => {
      const query = queryOf({ from, to, group_by: groupBy, format: 'csv', spreadsheet: spreadsheet ? 1 : undefined });
      return (await transport.stream({ path: ['usage'], query, signal }, MEDIA_TYPES.csv)).body;
    },
    manifest: (id, { signal } = {}) =>
      transport.read({ path: ['jobs', id, 'manifest'], signal, answerWithinMs: null }, manifest),
  };
}
