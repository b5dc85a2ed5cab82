import { saveFile } from '../../../service/save-file.js';

/** The file picker of some browsers, which TypeScript's types do not include. */
interface FilePicker {
  readonly showSaveFilePicker: (options: { readonly suggestedName: string }) => Promise<SaveHandle>;
}

interface SaveHandle {
  readonly createWritable: () => Promise<WritableStream<Uint8Array>>;
}

interface SaveOptions {
  readonly name: string;
  readonly signal: AbortSignal;
  readonly onBytes: (bytes: number) => void;
}

/**
 * Saves a download that needs a key, which a plain link cannot send. If the browser can, it writes to the disk while the download
 * arrives; otherwise it collects everything first. False if the user chose no file.
 */
export async function saveDownload(
  open: (signal: AbortSignal) => Promise<ReadableStream<Uint8Array>>,
  { name, signal, onBytes }: SaveOptions,
): Promise<boolean> {
  const target = await targetOf(name);
  if (target === 'none') return false;
  const body = (await open(signal)).pipeThrough(counting(onBytes));
  if (target !== 'memory') {
    await body.pipeTo(await target.createWritable(), { signal });
    return true;
  }
  await saveFile(name, body);
  return true;
}

async function targetOf(name: string): Promise<SaveHandle | 'memory' | 'none'> {
  if (!hasFilePicker(window)) return 'memory';
  try {
    return await window.showSaveFilePicker({ suggestedName: name });
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') return 'none';
    // The picker is forbidden here, for example inside another page.
    return 'memory';
  }
}

function hasFilePicker(value: object): value is FilePicker {
  return 'showSaveFilePicker' in value;
}

function counting(onBytes: (bytes: number) => void): TransformStream<Uint8Array, Uint8Array> {
  let bytes = 0;
  return new TransformStream({
    transform(chunk, controller) {
      bytes += chunk.length;
      onBytes(bytes);
      controller.enqueue(chunk);
    },
  });
}
