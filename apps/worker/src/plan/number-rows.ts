import { createDistinctTargets, type EndSlice, inSlices } from '@linkhaul/jobs';
import { type Endpoint, registrableDomain } from '@linkhaul/schemas';
import { type PartNumbers, rowsOfLines } from '@linkhaul/storage';

/** Computes the target numbers of rows that an earlier release stored without them. Call it for each part, in order. */
export function createRowNumbering(endpoint: Endpoint): (lines: Buffer, endSlice: EndSlice) => Promise<PartNumbers> {
  const countsDomains = endpoint.kind === 'bulk' && endpoint.maxDomains !== null;
  const distinct = createDistinctTargets(countsDomains);
  return async (lines, endSlice) => {
    const rows = rowsOfLines(lines);
    const [domains, alikes] = [new Int32Array(rows.length), new Int32Array(rows.length)];
    await inSlices(rows.length, endSlice, (index) => {
      const { line = 0, target = '' } = rows[index] ?? {};
      const { domain, alike } = distinct.take(line, { target, domain: countsDomains ? registrableDomain(target) : '' });
      domains[index] = domain;
      alikes[index] = alike;
    });
    return { domainOf: (row) => domains[row] ?? -1, alikeOf: (row) => alikes[row] ?? 0 };
  };
}
