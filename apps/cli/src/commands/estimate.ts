import { flag } from '../arguments/option.js';
import { JSON_FLAG } from '../arguments/shared.js';
import { defineCommand } from '../command.js';
import { EXIT } from '../exit-codes.js';
import { LIST_OPTIONS, listFields } from '../list/options.js';
import { upload } from '../list/upload.js';
import { estimateSummary } from '../render/estimate.js';
import { print } from '../terminal.js';

export const estimate = defineCommand({
  name: 'estimate',
  summary: 'Says what a list would cost and how long it would take. Nothing runs.',
  takes: ['FILE|-'],
  options: {
    ...LIST_OPTIONS,
    probe: flag("list endpoints: buy an item a target to learn the lists' sizes, within --max-cost"),
    json: JSON_FLAG,
  },
  async run({ values, args: [file = ''] }, { client, terminal }) {
    const { probe } = values;
    const fields = listFields(values);
    const answer = await upload({ file, values }, terminal, (body, options) =>
      client.estimateText(fields, body, { ...options, probe }),
    );
    print(terminal, values.json ? JSON.stringify(answer) : estimateSummary(answer));
    return EXIT.complete;
  },
});
