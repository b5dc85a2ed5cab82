import { hookUrl } from '@linkhaul/schemas';
import { invalidField, type Refusal, type Task } from '@linkhaul/schemas/vendor';

const HOOKS = ['pingback_url', 'postback_url'] as const;
/** What the vendor takes besides, and what nothing depends on here. */
const IGNORED = ['postback_data', 'priority'] as const;

const BESIDE: ReadonlySet<string> = new Set([...HOOKS, ...IGNORED]);

/** What is wrong with the addresses that are told when a Standard task is ready; null if nothing is. */
export function judgeHooks(task: Task): Refusal | null {
  const wrong = HOOKS.find((name) => {
    const url = task[name] ?? null;
    return url !== null && (!hookUrl.safeParse(url).success || hasUserInfo(String(url)));
  });
  return wrong === undefined ? null : invalidField(wrong);
}

/** Whether the task has an address that is told when it is ready. */
export function asksToBeTold(task: Task): boolean {
  return HOOKS.some((name) => typeof task[name] === 'string');
}

/** The fields of a task that its endpoint is asked with. */
export function withoutHooks(task: Task): Task {
  return Object.fromEntries(Object.entries(task).filter(([name]) => !BESIDE.has(name)));
}

function hasUserInfo(url: string): boolean {
  const { username, password } = new URL(url);
  return username !== '' || password !== '';
}
