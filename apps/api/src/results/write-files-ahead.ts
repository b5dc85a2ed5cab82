import type { Message } from '@linkhaul/jobs';
import type { Services } from '../services.js';

type WritingServices = Pick<Services, 'store' | 'installation' | 'downloads'>;

/** Handles a message about a large job that is finished. A job that is gone, or runs again, has no files to be written. */
export async function writeFilesAhead(
  job: Message<'files'>,
  { store, installation, downloads }: WritingServices,
  stopping: AbortSignal,
): Promise<void> {
  await installation.check();
  const record = await store.get(job);
  if (record !== null && record.finishedAt !== null) await downloads.writeAhead(record, stopping);
}
