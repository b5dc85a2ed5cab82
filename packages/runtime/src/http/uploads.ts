import type { IncomingMessage } from 'node:http';

interface Upload {
  readonly incoming: IncomingMessage;
  bytes: number;
  silentMs: number;
}

/** Bodies on their way: one may take hours, but its client must not fall silent. */
export interface Uploads {
  /** Gives what ends the watching. */
  begin(incoming: IncomingMessage): () => void;
  /** Cuts those that are silent; called every so many milliseconds. */
  sweep(everyMs: number): void;
}

export function watchUploads(silenceMs: number): Uploads {
  const uploads = new Set<Upload>();
  return {
    begin(incoming) {
      const upload = { incoming, bytes: incoming.socket.bytesRead, silentMs: 0 };
      uploads.add(upload);
      return () => void uploads.delete(upload);
    },
    sweep(everyMs) {
      for (const upload of uploads) {
        const heard = isHeard(upload);
        upload.bytes = upload.incoming.socket.bytesRead;
        // Counted by sweeps, not by the clock: while this process stood still it read nothing, and no client was silent.
        upload.silentMs = heard ? 0 : upload.silentMs + everyMs;
        if (upload.incoming.complete) uploads.delete(upload);
        else if (upload.silentMs > silenceMs) upload.incoming.socket.destroy();
      }
    },
  };
}

/** Also a client that may send no more, because what it sent has not been read yet. */
function isHeard({ incoming, bytes }: Upload): boolean {
  return incoming.socket.bytesRead > bytes || incoming.readableLength >= incoming.readableHighWaterMark;
}
