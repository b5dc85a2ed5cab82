import { matchKey } from '../targets/match-key.js';
import type { AnswerTask } from './envelope.js';
import { type JsonObject, objectsOf } from './values.js';

/** The parts of a request that answers echo, by which its answer is recognised. */
export interface AskedTask {
  readonly tag: string;
  readonly targets: readonly string[];
}

/**
 * The position of the task that answers a request: the one with its tag, else the first that echoes no tag. A task that
 * echoes another tag, or only other targets, answers another request. -1 if there is none.
 */
export function ourTask(tasks: readonly AnswerTask[], asked: AskedTask): number {
  const known = tasks.map(({ json }) => (asksForOthers(json, asked) ? 'others' : tagOf(json)));
  const ours = known.indexOf(asked.tag);
  return ours === -1 ? known.indexOf(null) : ours;
}

function tagOf(task: JsonObject): string | null {
  const tag = objectsOf(task.data)[0]?.tag;
  return typeof tag === 'string' ? tag : null;
}

/** Whether targets are echoed, and all of them are others. The upstream may write a target in a form of its own. */
function asksForOthers(task: JsonObject, { targets }: AskedTask): boolean {
  const data = objectsOf(task.data)[0];
  // The targets of a set are echoed as a map.
  const several = typeof data?.targets === 'object' && data.targets !== null ? Object.values(data.targets) : [];
  const echoed = [data?.target, ...several].filter(isText);
  if (echoed.length === 0 || echoed[0] === targets[0]) return false;
  const asked = new Set(targets.map(matchKey));
  return !echoed.some((target) => asked.has(matchKey(target)));
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}
