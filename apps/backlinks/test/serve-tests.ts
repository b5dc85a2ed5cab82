import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import type { Graph } from '../src/graph/open.js';
import { openSmallGraph, type Server, type StartOptions, startServer } from './support.js';

interface TestServer extends Server {
  /** Goes on with a server over another graph. */
  restart(graph: Graph): Promise<void>;
}

/** A server over the small graph, or another one, for all tests of a file. */
export function serveAllTests(options: StartOptions = {}, open: () => Promise<Graph> = openSmallGraph): TestServer {
  const { server, start, stop } = serving(options, open);
  beforeAll(start);
  afterAll(stop);
  return server;
}

/** A server over the small graph for each test of a file: it begins with an empty record. */
export function serveEachTest(options: StartOptions = {}): TestServer {
  const { server, start, stop } = serving(options, openSmallGraph);
  beforeEach(start);
  afterEach(stop);
  return server;
}

/** The server of the test that runs, and the graph of all tests of the file. */
function serving(options: StartOptions, open: () => Promise<Graph>) {
  let graph: Graph | undefined;
  let current: Server | undefined;
  beforeAll(async () => {
    graph = await open();
  });
  afterAll(() => graph?.close());
  const now = (): Server => {
    if (current === undefined) throw new Error('the server runs only while tests run');
    return current;
  };
  const server: TestServer = {
    get graph() {
      return now().graph;
    },
    get url() {
      return now().url;
    },
    interrupt: () => now().interrupt(),
    stop: () => now().stop(),
    post: (...given) => now().post(...given),
    control: (...given) => now().control(...given),
    async restart(other) {
      await now().stop();
      current = await startServer(other, options);
    },
  };
  return {
    server,
    async start() {
      if (graph === undefined) throw new Error('the graph is not open');
      current = await startServer(graph, options);
    },
    stop: () => now().stop(),
  };
}
