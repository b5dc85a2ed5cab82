import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';

/** What must be equal, besides the file's bytes, for two submissions to count as the same. */
export interface SubmissionIdentity {
  readonly service: string;
  readonly apiKey: string | undefined;
  /** The job's fields, and how the list is read. */
  readonly asked: unknown;
}

/** A hash, equal for equal bytes, fields, service and key. Null for a pipe, which can be read only once. */
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
    // The upload will report why the file cannot be read.
    return null;
  }
  return hash.digest('hex');
}
