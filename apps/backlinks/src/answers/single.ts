import type { Graph } from '../graph/open.js';
import type { Answered } from './answer.js';
import type { ListCall } from './target.js';

/** How an endpoint is answered whose one result has everything about its target. */
export interface SingleAnswer {
  /** The part of a task id that names the function: the upstream's, if it is known. */
  readonly functionId: string;
  /** If the result itself is the item, `items` has the result. */
  readonly answer: (graph: Graph, call: ListCall) => Promise<Answered>;
}
