import type { DuckDBConnection } from '@duckdb/node-api';
import { z } from 'zod';

const domainRange = z.object({
  first_domain: z.number(),
  last_domain: z.number(),
  first_page: z.number(),
  end_page: z.number(),
  first_host: z.number(),
  end_host: z.number(),
  first_name: z.string(),
  last_name: z.string(),
});

/** A range of domains, with their names, and the ids of their pages and hosts; `end` is one past the last. */
export type DomainRange = z.output<typeof domainRange>;

/** Divides the domains into ranges of about as many links and pages. */
export async function chunksOf(connection: DuckDBConnection, rows: number): Promise<DomainRange[]> {
  const reader = await connection.runAndReadAll(
    `SELECT min(domain_id) AS first_domain, max(domain_id) AS last_domain,
       min(first_page)::INTEGER AS first_page, max(end_page)::INTEGER AS end_page,
       min(first_host)::INTEGER AS first_host, max(first_host + host_count)::INTEGER AS end_host,
       min(domain) AS first_name, max(domain) AS last_name
     FROM domain_frames GROUP BY (first_link + first_page) // ${rows} ORDER BY first_domain`,
  );
  return z.array(domainRange).parse(reader.getRowObjectsJS());
}

/** Runs a statement for each range. Binds only the bounds that the statement names: DuckDB rejects others. */
export async function runFor(connection: DuckDBConnection, ranges: readonly DomainRange[], sql: string): Promise<void> {
  for (const range of ranges) {
    await connection.run(sql, Object.fromEntries(Object.entries(range).filter(([name]) => sql.includes(`$${name}`))));
  }
}
