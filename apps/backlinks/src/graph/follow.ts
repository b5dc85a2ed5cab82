import { type Stats, unwatchFile, watchFile } from 'node:fs';
import { type Graph, type OpenOptions, openFile, openGraph } from './open.js';

interface FollowOptions extends OpenOptions {
  /** Called when another graph has taken the file's place, and answers now. */
  readonly onReplaced: (graph: Graph) => void;
  /** Called when what has taken the file's place is no graph. The one that was there answers on. */
  readonly onRefused: (error: unknown) => void;
}

/** How often the file is looked at. A file that is replaced by a rename tells nobody on every file system. */
const LOOK_MS = 1000;

interface Held {
  readonly graph: Graph;
  users: number;
}

/**
 * Opens the graph, and goes on with another one as soon as that takes the place of the file. Work that was begun on the old one
 * ends on it.
 */
export async function followGraph(options: FollowOptions): Promise<Graph> {
  let held: Held = { graph: await openGraph(options), users: 0 };
  if (options.path === ':memory:') return held.graph;
  const replace = async () => {
    const old = held;
    held = { graph: await openFile(options), users: 0 };
    closeUnused(old);
    options.onReplaced(held.graph);
  };
  const closeUnused = (one: Held) => {
    if (one !== held && one.users === 0) one.graph.close();
  };
  let replacing = Promise.resolve();
  const look = (now: Stats, before: Stats) => {
    const isOther = now.ino !== 0 && (now.ino !== before.ino || now.mtimeMs !== before.mtimeMs);
    if (isOther) replacing = replacing.then(replace).catch(options.onRefused);
  };
  watchFile(options.path, { interval: LOOK_MS }, look);
  return {
    get counts() {
      return held.graph.counts;
    },
    get origin() {
      return held.graph.origin;
    },
    get slow() {
      return held.graph.slow;
    },
    answers: () => true,
    rows: (...query) => held.graph.rows(...query),
    row: (...query) => held.graph.row(...query),
    pinned: async (work) => {
      const pinned = held;
      pinned.users++;
      try {
        return await work(pinned.graph);
      } finally {
        pinned.users--;
        closeUnused(pinned);
      }
    },
    close: () => {
      unwatchFile(options.path, look);
      held.graph.close();
    },
  };
}
