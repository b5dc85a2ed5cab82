import {
  type ChangedWatch,
  changedWatch,
  type Watch,
  type WatchesPage,
  type WatchRunsPage,
  watch,
  type watchChange,
  watchesPage,
  watchRunsPage,
} from '@linkhaul/schemas';
import type { z } from 'zod';
import { type CallOptions, get, type PageOptions, post, put, remove } from '../request.js';
import type { Transport } from '../transport.js';
import type { TextBody } from '../upload.js';
import { sendText, type Targets, type TextListOptions } from './submit.js';

/** A watch without its list. A missing field has its default. */
export type WatchFields = z.input<typeof watchChange>;

export function watchMethods(transport: Transport) {
  const act = (name: string, action: string, options?: CallOptions): Promise<Watch> =>
    transport.read(post(['watches', name, action], options), watch);
  return {
    /** Makes a watch, or changes it. Without targets it keeps the list that it has. */
    setWatch: (name: string, fields: WatchFields, targets?: Targets, options?: CallOptions): Promise<ChangedWatch> =>
      transport.read(put(['watches', name], options, { ...fields, ...(targets && { list: targets }) }), changedWatch),
    /** Like `setWatch`, with a list that streams: up to 10,000,000 targets as text, CSV or NDJSON. */
    setWatchText: (
      name: string,
      fields: WatchFields,
      body: TextBody,
      form: TextListOptions = {},
    ): Promise<ChangedWatch> =>
      sendText({ method: 'PUT', path: ['watches', name], fields, body, form }, (request) =>
        transport.read(request, changedWatch, { answerWithinMs: null }),
      ),
    watch: (name: string, options?: CallOptions): Promise<Watch> =>
      transport.read(get(['watches', name], options), watch),
    /** A page of this tenant's watches, by name. */
    watches: (options?: PageOptions): Promise<WatchesPage> => transport.read(get(['watches'], options), watchesPage),
    /** Its finished and skipped runs, the latest first. */
    watchRuns: (name: string, options?: PageOptions): Promise<WatchRunsPage> =>
      transport.read(get(['watches', name, 'runs'], options), watchRunsPage),
    /** Runs it now, in addition to its schedule. */
    runWatch: (name: string, options?: CallOptions): Promise<Watch> => act(name, 'run', options),
    pauseWatch: (name: string, options?: CallOptions): Promise<Watch> => act(name, 'pause', options),
    resumeWatch: (name: string, options?: CallOptions): Promise<Watch> => act(name, 'resume', options),
    /** Removes a watch. It stops at once, and its open run is cancelled. Its jobs stay. */
    removeWatch: async (name: string, options?: CallOptions): Promise<void> => {
      await transport.send(remove(['watches', name], options));
    },
  };
}
