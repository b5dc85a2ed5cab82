import type { Backend } from '../backend.js';
import type { S3Address } from './s3/address.js';
import { connectTo } from './s3/connection.js';
import type { CredentialSource } from './s3/credentials.js';
import { createExchange, PATIENT_MS, QUICK_MS } from './s3/exchange.js';
import { type FirstWriters, firstWrites, isOfWriter } from './s3/first-write.js';
import { s3Marker } from './s3/marker.js';
import { createUpload } from './s3/multipart.js';
import { type S3Objects, s3Objects } from './s3/objects.js';
import { s3Probe } from './s3/probe.js';
import { createSigner } from './s3/signer.js';

interface S3Options {
  readonly address: S3Address;
  readonly credentials: CredentialSource;
  /** Used if the store itself cannot tell which write was the first. */
  readonly writers: FirstWriters;
}

/** A bucket, or the part of one below a prefix. Its store must show each write to all readers at once, as S3 does. */
export function s3Backend({ address, credentials, writers }: S3Options): Backend {
  const signer = createSigner(address.region, credentials);
  const connection = connectTo(address, signer);
  const objectsBy = (pauses: readonly number[]) => {
    const exchange = createExchange({ connection, signer, place: address.name, pauses });
    return s3Objects(exchange, createUpload(exchange), address);
  };
  const [objects, checked] = [objectsBy(PATIENT_MS), objectsBy(QUICK_MS)];
  const marker = s3Marker(checked, address.name);
  const probe = s3Probe(checked);
  const first = firstWrites(objects, writers);

  const writing = async <T>(write: () => Promise<T>): Promise<T> => {
    try {
      return await write();
    } catch (error) {
      probe.doubt();
      throw error;
    }
  };
  const reading = async (read: () => Promise<Buffer | null>): Promise<Buffer | null> => {
    const found = await read();
    if (found === null) await marker.verifyNow();
    return found;
  };
  const create = async (key: string, bytes: Uint8Array): Promise<boolean> =>
    (await probe.isConditional()) ? (await objects.putNew(key, bytes)) === 'made' : first.create(key, bytes);

  return {
    put: (key, bytes) =>
      writing(async () => {
        await marker.verify();
        await objects.put(key, bytes);
      }),
    create: (key, bytes) =>
      writing(async () => {
        await marker.verify();
        return create(key, bytes);
      }),
    get: (key) => reading(() => objects.get(key)),
    getRange: (key, range) => reading(() => objects.getRange(key, range)),
    async list(folder) {
      await marker.verify();
      const found = await keysBelow(objects, folder);
      await marker.verifyNow();
      return found.filter((key) => !isOfWriter(key));
    },
    async remove(path) {
      await marker.verify();
      await objects.remove([path]);
      for await (const keys of objects.pages(`${path}/`)) await objects.remove(keys);
    },
    owner: marker.owner,
    claim: (installation) => marker.claim(installation, create),
    serve: marker.serve,
    verify: marker.verify,
    async check() {
      await marker.verifyNow();
      await probe.check();
    },
    async close() {
      await first.tidied();
      await Promise.all([connection.close(), writers.close()]);
    },
  };
}

async function keysBelow(objects: S3Objects, folder: string): Promise<string[]> {
  const all: string[] = [];
  for await (const keys of objects.pages(`${folder}/`)) all.push(...keys);
  return all;
}
