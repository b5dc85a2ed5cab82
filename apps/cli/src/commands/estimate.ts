import { estimate as estimateAnswer } from '@linkhaul/schemas';
import { flag } from '../arguments/option.js';
import { JSON_FLAG } from '../arguments/shared.js';
import { defineCommand } from '../command.js';
import { EXIT } from '../exit-codes.js';
import { LIST_OPTIONS, listQuery } from '../list/options.js';
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
  async run({ values, args: [file = ''] }, context) {
    const query = listQuery(values);
    if (values.probe) query.set('probe', '1');
    const request = { file, format: values.format, path: 'estimates', query, answer: estimateAnswer };
    const answer = await upload(request, context);
    print(context.terminal, values.json ? JSON.stringify(answer) : estimateSummary(answer));
    return EXIT.complete;
  },
});
