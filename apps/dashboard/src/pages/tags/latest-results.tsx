import type { EndpointName } from '@linkhaul/schemas';
import { saveFile } from '../../service/save-file.js';
import { client } from '../../service/session.js';
import { SaveButton } from '../../ui/save-button.js';

/** The tag's present results, as a file. */
export function LatestResults({ tag, endpoint }: { readonly tag: string; readonly endpoint: EndpointName }) {
  const save = async (format: 'csv' | 'ndjson') => {
    const spreadsheet = format === 'csv';
    const { body } = await client.value.downloadTagResults(tag, { endpoint, format, spreadsheet });
    await saveFile(`${tag}.${format}`, body);
  };
  return (
    <fieldset class="saves">
      <legend class="unseen">Download the latest results</legend>
      <span class="quiet">Latest results</span>
      <SaveButton onSave={() => save('csv')}>CSV</SaveButton>
      <SaveButton onSave={() => save('ndjson')}>NDJSON</SaveButton>
    </fieldset>
  );
}
