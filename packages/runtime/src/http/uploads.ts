import type { IncomingMessage } from 'node:http';

interface Upload {
  readonly incoming: IncomingMessage;
  bytes: number;
  heardAt: number;
}

/** Bodies on their way: one may take hours, but its client must not fall silent. */
export interface Uploads {
  /** Gives what ends the watching. */
  begin(incoming: IncomingMessage): () => void;
  /** Cuts those that are silent; called regularly. */
  sweep(): void;
}

export function watchUploads(silenceMs: number): Uploads {
  const uploads = new Set<Upload>();
  return {
    begin(incoming) {
      const upload = { incoming, bytes: incoming.socket.bytesRead, heardAt: performance.now() };
      uploads.add(upload);
      return () => void uploads.delete(upload);
    },
    sweep() {
      const now = performance.now();
      for (const upload of uploads) {
        if (upload.incoming.complete) uploads.delete(upload);
        else if (isHeard(upload)) {
          upload.bytes = upload.incoming.socket.bytesRead;
          upload.heardAt = now;
        } else if (now - upload.heardAt > silenceMs) upload.incoming.socket.destroy();
      }
    },
  };
}

/** Also a client that may send no more, because what it sent has not been read yet. */
function isHeard({ incoming, bytes }: Upload): boolean {
  return incoming.socket.bytesRead > bytes || incoming.readableLength >= incoming.readableHighWaterMark;
}
