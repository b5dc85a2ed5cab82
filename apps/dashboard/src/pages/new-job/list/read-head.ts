/** How much of a list the page reads. The service reads all of it, and its reading counts. */
const HEAD_BYTES = 65_536;

export interface Head {
  readonly text: string;
  /** True if the text reaches the end of the list. */
  readonly isWhole: boolean;
}

/** The beginning of a list as text: unpacked if it is gzip, and decoded by its byte order mark, or else by `charset`. */
export async function readHead(list: Blob, charset = 'utf-8'): Promise<Head> {
  const packed = new Uint8Array(await list.slice(0, HEAD_BYTES).arrayBuffer());
  const isGzip = packed[0] === 0x1f && packed[1] === 0x8b;
  const bytes = isGzip ? await unpacked(list.stream()) : packed;
  const isWhole = bytes.length < HEAD_BYTES && (isGzip || list.size <= HEAD_BYTES);
  // An incomplete character at the cut is left out.
  return { text: new TextDecoder(markedAs(bytes) ?? charset).decode(bytes, { stream: !isWhole }), isWhole };
}

/** False for spreadsheets, archives and the like. The service refuses them by name, and there is nothing to show. */
export function isText({ text }: Head): boolean {
  return !text.includes('\0');
}

function markedAs(bytes: Uint8Array): string | null {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 'utf-8' : null;
}

async function unpacked(list: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<Uint8Array<ArrayBuffer>> {
  const reader = list.pipeThrough(new DecompressionStream('gzip')).getReader();
  const head = new Uint8Array(HEAD_BYTES);
  let size = 0;
  try {
    while (size < HEAD_BYTES) {
      const { done, value } = await reader.read();
      if (done) break;
      head.set(value.subarray(0, HEAD_BYTES - size), size);
      size += value.length;
    }
    await reader.cancel();
  } catch {
    // The gzip file is incomplete: the text before the fault is shown, and the service says what is wrong.
  }
  return head.subarray(0, size);
}
