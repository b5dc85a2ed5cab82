/** Called with the number of bytes sent so far, and of all bytes. */
export type OnProgress = (sent: number, all: number) => void;

/** A `fetch` for one upload that reports its progress, which the browsers' own `fetch` does not. It reads the whole answer. */
export function uploadFetch(onProgress: OnProgress): typeof fetch {
  return (input, init = {}) =>
    new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      request.open(init.method ?? 'GET', input instanceof Request ? input.url : input);
      request.responseType = 'arraybuffer';
      for (const [name, value] of new Headers(init.headers)) request.setRequestHeader(name, value);
      request.upload.onprogress = ({ loaded, total }) => onProgress(loaded, total);
      request.onload = () => resolve(responseOf(request));
      request.onerror = () => reject(new TypeError('The connection was lost.'));
      request.onabort = () => reject(init.signal?.reason);
      init.signal?.addEventListener('abort', () => request.abort(), { once: true });
      if (init.body instanceof ReadableStream) reject(new TypeError('A stream cannot be uploaded so.'));
      else request.send(init.body);
    });
}

function responseOf(request: XMLHttpRequest): Response {
  const { status, statusText } = request;
  const body: ArrayBuffer | null = status === 204 ? null : request.response;
  return new Response(body, { status, statusText, headers: headersOf(request.getAllResponseHeaders()) });
}

/** Parses `name: value` lines, the form in which XMLHttpRequest returns headers. */
function headersOf(text: string): Headers {
  const headers = new Headers();
  for (const line of text.split('\r\n')) {
    const [name = '', ...value] = line.split(':');
    if (name.trim() !== '') headers.append(name.trim(), value.join(':').trim());
  }
  return headers;
}
