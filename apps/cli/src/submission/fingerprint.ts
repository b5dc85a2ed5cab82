import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';

/** What, beside the file's bytes, makes a submission the same as another. */
export interface SubmissionIdentity {
  readonly service: string;
  readonly apiKey: string | undefined;
  /** Its fields, and how the list is to be read. */
  readonly asked: unknown;
}

/** The same for the same bytes, fields, service and key. Null where the file cannot be read twice: a pipe is not. */
export async function fingerprintOf(
  file: string,
  identity: SubmissionIdentity,
  signal: AbortSignal,
): Promise<string | null> {
  const hash = createHash('sha256').update(`${JSON.stringify(identity)}\n`);
  try {
    if (!(await stat(file)).isFile()) return null;
    for await (const chunk of createReadStream(file, { signal })) hash.update(chunk);
  } catch (error) {
    if (signal.aborted) throw error;
    // Why it cannot be read is said where it is sent.
    return null;
  }
  return hash.digest('hex');
}
