import { type IncomingHttpHeaders, request } from 'node:http';
import { buffer } from 'node:stream/consumers';

export interface RawAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** An answer as it came, not decompressed, with its trailers among its headers; rejects when it was cut. */
export function rawly(url: string, headers: Record<string, string> = {}, method = 'GET'): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    request(url, { method, headers, agent: false }, (response) => {
      const { statusCode = 0 } = response;
      buffer(response).then((body) => {
        resolve({ status: statusCode, headers: { ...response.headers, ...response.trailers }, body });
      }, reject);
    })
      .on('error', reject)
      .end();
  });
}
