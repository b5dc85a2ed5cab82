import { createHash, randomUUID } from 'node:crypto';

/** The result of an operation: a status, and a body or the code of an error. */
export interface Said {
  readonly status: number;
  readonly body?: Buffer | string;
  readonly code?: string;
  readonly etag?: string;
}

interface PutOptions {
  readonly key: string;
  readonly body: Buffer;
  /** Set by `If-None-Match: *`: an existing object is not replaced. */
  readonly onlyNew: boolean;
}

/** The objects of the stand-in's one bucket, in memory, and its multipart uploads. */
export interface Bucket {
  readonly objects: Map<string, Buffer>;
  readonly uploads: Map<string, Map<number, Buffer>>;
  /** `range` is the text of the header. */
  get(key: string, range?: string): Said;
  put(put: PutOptions): Said;
  list(query: URLSearchParams): Said;
  removeAll(body: Buffer, md5: string): Said;
  begin(): Said;
  putPart(query: URLSearchParams, body: Buffer): Said;
  complete(query: URLSearchParams, put: PutOptions): Said;
  abort(query: URLSearchParams): Said;
}

const LEAST_PART = 5 * 2 ** 20;

export function createBucket({ pageOf, isConditional }: { pageOf: number; isConditional: boolean }): Bucket {
  const objects = new Map<string, Buffer>();
  const uploads = new Map<string, Map<number, Buffer>>();
  const put = ({ key, body, onlyNew }: PutOptions): Said => {
    if (onlyNew && !isConditional) return { status: 501, code: 'NotImplemented' };
    if (onlyNew && objects.has(key)) return { status: 412, code: 'PreconditionFailed' };
    objects.set(key, body);
    return { status: 200 };
  };
  const partsOf = (query: URLSearchParams) => uploads.get(query.get('uploadId') ?? '');
  const NO_UPLOAD = { status: 404, code: 'NoSuchUpload' };
  return {
    objects,
    uploads,
    get(key, range) {
      const body = objects.get(key);
      return body === undefined ? { status: 404, code: 'NoSuchKey' } : rangeOf(body, range);
    },
    put,
    list(query) {
      const from = query.get('continuation-token') ?? '';
      const start = query.get('prefix') ?? '';
      const keys = [...objects.keys()].filter((key) => key.startsWith(start) && key > from).sort();
      const page = keys.slice(0, pageOf);
      const next =
        keys.length > pageOf ? `<NextContinuationToken>${escaped(page.at(-1) ?? '')}</NextContinuationToken>` : '';
      const entries = page.map((key) => `<Contents><Key>${encodeURIComponent(key)}</Key><Size>1</Size></Contents>`);
      const body = `<ListBucketResult><EncodingType>url</EncodingType>${next}${entries.join('')}</ListBucketResult>`;
      return { status: 200, body };
    },
    removeAll(body, md5) {
      if (createHash('md5').update(body).digest('base64') !== md5) return { status: 400, code: 'BadDigest' };
      const keys = [...body.toString().matchAll(/<Key>(.*?)<\/Key>/g)].map(([, key = '']) => unescaped(key));
      if (keys.length === 0 || keys.length > 1000) return { status: 400, code: 'MalformedXML' };
      for (const key of keys) objects.delete(key);
      return { status: 200, body: '<DeleteResult></DeleteResult>' };
    },
    begin() {
      const id = randomUUID();
      uploads.set(id, new Map());
      return {
        status: 200,
        body: `<InitiateMultipartUploadResult><UploadId>${id}</UploadId></InitiateMultipartUploadResult>`,
      };
    },
    putPart(query, body) {
      const parts = partsOf(query);
      if (parts === undefined) return NO_UPLOAD;
      parts.set(Number(query.get('partNumber')), body);
      return { status: 200, etag: etagOf(body) };
    },
    complete(query, { body, ...options }) {
      const parts = partsOf(query);
      if (parts === undefined) return NO_UPLOAD;
      const sent = [...parts].sort(([one], [other]) => one - other).map(([, bytes]) => bytes);
      if (sent.slice(0, -1).some(({ length }) => length < LEAST_PART)) return { status: 400, code: 'EntityTooSmall' };
      const named = [...body.toString().matchAll(/<ETag>(.*?)<\/ETag>/g)].map(([, etag = '']) => unescaped(etag));
      if (named.join() !== sent.map(etagOf).join()) return { status: 400, code: 'InvalidPart' };
      const said = put({ ...options, body: Buffer.concat(sent) });
      if (said.status === 200) uploads.delete(query.get('uploadId') ?? '');
      return said.status === 200
        ? { status: 200, body: '<CompleteMultipartUploadResult></CompleteMultipartUploadResult>' }
        : said;
    },
    abort(query) {
      return uploads.delete(query.get('uploadId') ?? '') ? { status: 204 } : NO_UPLOAD;
    },
  };
}

function rangeOf(body: Buffer, range = ''): Said {
  const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(range) ?? [];
  if (from === undefined) return { status: 200, body };
  if (Number(from) >= body.length) return { status: 416, code: 'InvalidRange' };
  return { status: 206, body: body.subarray(Number(from), Number(to) + 1) };
}

function etagOf(bytes: Buffer): string {
  return `"${createHash('md5').update(bytes).digest('hex')}"`;
}

function escaped(text: string): string {
  return text.replace(/[<>&"']/g, (sign) => `&#x${sign.charCodeAt(0).toString(16)};`);
}

function unescaped(text: string): string {
  return text.replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)));
}
