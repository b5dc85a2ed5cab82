import { given } from '../arguments/given.js';
import { option, text } from '../arguments/option.js';
import { CURSOR, JSON_FLAG } from '../arguments/shared.js';
import { defineCommand } from '../command.js';
import { EXIT } from '../exit-codes.js';
import { problemsTable } from '../render/problems.js';
import { print, say, sayNext } from '../terminal.js';

export const problems = defineCommand({
  name: 'problems',
  summary: 'Says what went wrong of late: failed calls, pauses, webhooks that were given up, failed look-ups.',
  takes: [],
  options: {
    since: option('TIME', 'from this hour on, such as 2026-01-31T12:00:00Z (24 hours ago)', text),
    cursor: CURSOR,
    json: JSON_FLAG,
  },
  async run({ values: { since, cursor, json } }, { client, terminal }) {
    const page = await client.problems({ ...given({ since, cursor }), signal: terminal.interrupted });
    if (json || page.problems.length > 0) print(terminal, json ? JSON.stringify(page) : problemsTable(page.problems));
    else say(terminal, `Nothing went wrong since ${page.since}.`);
    if (!json) sayNext(terminal, page.next_cursor);
    return EXIT.complete;
  },
});
