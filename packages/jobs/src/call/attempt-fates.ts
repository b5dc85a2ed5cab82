import { z } from 'zod';

/** What was found out, or decided, about an attempt that never got an answer. */
export interface AttemptFate {
  readonly fate: 'lost' | 'not_executed' | 'blind' | 'unpriced';
  readonly worker: string | null;
  /** ms since the epoch. */
  readonly sentAt: number;
  /** The upstream's id of the task, if its record shows one. */
  readonly taskId: string | null;
  /** Nanos. Null if unknown. */
  readonly cost: number | null;
  readonly nonce: string | null;
}

/** Written by call/unknown_calls.lua. */
const fateText = z.object({
  fate: z.enum(['lost', 'not_executed', 'blind', 'unpriced']),
  worker: z.union([z.string(), z.literal(false)]).optional(),
  sent_at: z.coerce.number(),
  task: z.string(),
  cost: z.string(),
  nonce: z.string().optional(),
});

/** Attempts of a call that ended without settling it. */
export interface EarlierAttempts {
  /** The highest known attempt. */
  attempts: number;
  readonly fates: Map<number, AttemptFate>;
}

/**
 * Attempts that ended without settling their call, by call. The keys of `fates` are `<call>.<attempt>`; the entries of
 * `lost`, attempts that cost money, are `<call>.<attempt>.<task id>`.
 */
export function earlierAttempts(fates: Readonly<Record<string, string>>, lost: readonly string[]) {
  const earlier = new Map<number, EarlierAttempts>();
  for (const name of [...Object.keys(fates), ...lost]) {
    const [call = 0, attempt = 0] = name.split('.').map(Number);
    const known = earlier.get(call) ?? { attempts: 0, fates: new Map() };
    known.attempts = Math.max(known.attempts, attempt);
    const text = fates[name];
    if (text !== undefined) known.fates.set(attempt, parseFate(text));
    earlier.set(call, known);
  }
  return earlier;
}

function parseFate(text: string): AttemptFate {
  const { fate, worker, sent_at: sentAt, task, cost, nonce } = fateText.parse(JSON.parse(text));
  const isKnown = fate !== 'blind' && cost !== '';
  return {
    fate,
    worker: worker || null,
    sentAt,
    taskId: task === '' ? null : task,
    cost: isKnown ? Number(cost) : null,
    nonce: nonce || null,
  };
}
