import { JSON_FLAG } from '../arguments/shared.js';
import { defineCommand } from '../command.js';
import { EXIT } from '../exit-codes.js';
import { seriesTable } from '../render/series.js';
import { print, say } from '../terminal.js';

export const series = defineCommand({
  name: 'series',
  summary: 'Says how a job went over time: calls, rows, items, cost and latency.',
  takes: ['ID'],
  options: { json: JSON_FLAG },
  async run({ values: { json }, args: [id = ''] }, { client, terminal }) {
    const view = await client.jobSeries(id, { signal: terminal.interrupted });
    if (json || view.points.length > 0) print(terminal, json ? JSON.stringify(view) : seriesTable(view));
    else say(terminal, 'Nothing of this job is decided yet.');
    return EXIT.complete;
  },
});
