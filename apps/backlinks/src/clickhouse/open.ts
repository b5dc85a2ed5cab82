import type { ClickHouseClient } from '@clickhouse/client';
import { type EndpointName, endpointOf } from '@linkhaul/schemas';
import { z } from 'zod';
import { signedMark } from '../graph/mark.js';
import type { Graph } from '../graph/open.js';
import { GRAPH_VERSION, graphCounts } from '../graph/settings.js';
import type { Address } from './address.js';
import { clientOf } from './connect.js';
import { EngineError, engineError } from './engine-error.js';
import { queriesOn } from './queries.js';
import { functionsOf } from './sql.js';

/** The mark of a graph that was loaded whole. */
const loadedMark = signedMark.extend({ ...graphCounts.shape, spam_of_nothing: z.number().nullable() });

type LoadedMark = z.output<typeof loadedMark>;

/** Opens a graph that was loaded into a ClickHouse. Throws EngineError if there is none. */
export async function openClickHouse(address: Address, queryTimeoutMs: number): Promise<Graph> {
  const client = await clientOf(address, { database: address.database, maxMs: queryTimeoutMs });
  const mark = await markOf(client, address).catch(async (error: unknown) => {
    await client.close();
    throw error;
  });
  const queries = queriesOn(client, functionsOf(mark.spam_of_nothing));
  const { domains, pages, links, origin } = mark;
  const graph: Graph = {
    ...queries,
    slow: queries,
    counts: { domains, pages, links },
    origin,
    answers,
    pinned: (work) => work(graph),
    close: () => void client.close(),
  };
  return graph;
}

/** The endpoints whose queries both engines read. */
function answers(name: EndpointName): boolean {
  return endpointOf(name).kind === 'bulk' || name === 'referring_domains';
}

async function markOf(client: ClickHouseClient, address: Address): Promise<LoadedMark> {
  const rows = await client
    .query({ query: 'SELECT * FROM generator', format: 'JSONEachRow' })
    .then((result) => result.json())
    .catch((error: unknown) => {
      throw engineError(error, address);
    });
  const [row] = rows;
  const where = `the database ${address.database} at ${new URL(address.url).host}`;
  if (row === undefined) throw new EngineError(`${where} holds no whole graph: export one into it first`);
  const mark = loadedMark.safeParse(row);
  if (!mark.success) throw new EngineError(`${where} has a table generator that this program did not make`);
  if (mark.data.version === GRAPH_VERSION) return mark.data;
  throw new EngineError(`another version of this program loaded ${where}: export the graph into another database`);
}
