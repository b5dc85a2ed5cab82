import type { Exchange, Exchanged } from './exchange.js';
import { escaped, textOf } from './xml.js';

/** The condition for writing an object, and the statuses that say whether it held. */
export interface Condition {
  readonly headers: Readonly<Record<string, string>>;
  readonly takes: readonly number[];
}

/**
 * Writes a large object. Returns the answer to the last step, which makes the object visible. It is 404 if the parts are gone,
 * because this step was done before.
 */
export type Upload = (key: string, bytes: Uint8Array, condition: Condition) => Promise<Exchanged>;

/** The most that a broken connection costs, and that is hashed in one turn of the event loop. */
const PART_BYTES = 8 * 2 ** 20;

export function isLarge(bytes: Uint8Array): boolean {
  return bytes.length > PART_BYTES;
}

export function createUpload(exchange: Exchange): Upload {
  const right = 's3:PutObject';
  const sendParts = async (key: string, uploadId: string, bytes: Uint8Array): Promise<string> => {
    const parts: string[] = [];
    for (let from = 0; from < bytes.length; from += PART_BYTES) {
      const number = String(parts.length + 1);
      const body = bytes.subarray(from, from + PART_BYTES);
      const { etag } = await exchange({ method: 'PUT', key, query: { partNumber: number, uploadId }, body, right });
      parts.push(`<Part><PartNumber>${number}</PartNumber><ETag>${escaped(etag)}</ETag></Part>`);
    }
    return `<CompleteMultipartUpload>${parts.join('')}</CompleteMultipartUpload>`;
  };
  /** If this fails too, the store removes the parts by its rule for uploads that were not completed. */
  const abort = async (key: string, uploadId: string): Promise<void> => {
    const request = { method: 'DELETE', key, query: { uploadId }, takes: [404], right } as const;
    await exchange(request).catch(() => undefined);
  };

  return async (key, bytes, { headers, takes }) => {
    const { body: begun } = await exchange({ method: 'POST', key, query: { uploads: '' }, right });
    const uploadId = textOf(begun.toString('utf8'), 'UploadId') ?? '';
    try {
      const body = Buffer.from(await sendParts(key, uploadId, bytes));
      const step = { method: 'POST', key, query: { uploadId }, headers, body } as const;
      const done = await exchange({ ...step, takes: [404, ...takes], right });
      if (done.status !== 200) await abort(key, uploadId);
      return done;
    } catch (error) {
      await abort(key, uploadId);
      throw error;
    }
  };
}
