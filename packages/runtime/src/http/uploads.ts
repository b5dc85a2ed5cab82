import type { IncomingMessage } from 'node:http';

interface Upload {
  readonly incoming: IncomingMessage;
  bytes: number;
  silentMs: number;
}

/** Request bodies that are being received. A body may take hours, but its client must not fall silent. */
export interface Uploads {
  /** Starts to watch a body. The returned function ends that. */
  begin(incoming: IncomingMessage): () => void;
  /** Cuts silent bodies. Call it every `everyMs` milliseconds. */
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
        // Counted in sweeps, not by the clock: while this process itself stood still, clients were not silent.
        upload.silentMs = heard ? 0 : upload.silentMs + everyMs;
        if (upload.incoming.complete) uploads.delete(upload);
        else if (upload.silentMs > silenceMs) upload.incoming.socket.destroy();
      }
    },
  };
}

/** True also if the client cannot send because the handler has not read what came before. */
function isHeard({ incoming, bytes }: Upload): boolean {
  return incoming.socket.bytesRead > bytes || incoming.readableLength >= incoming.readableHighWaterMark;
}
