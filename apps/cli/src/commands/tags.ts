import type { PageOptions, TagFilter } from '@linkhaul/client/service';
import { given } from '../arguments/given.js';
import { oneOf, option, short } from '../arguments/option.js';
import { CURSOR, JSON_FLAG } from '../arguments/shared.js';
import { type Context, defineCommand } from '../command.js';
import { EXIT } from '../exit-codes.js';
import { badInput } from '../failure.js';
import { ENDPOINT_NAMES } from '../list/options.js';
import { jobsTable } from '../render/jobs.js';
import { printable } from '../render/printable.js';
import { print, say, sayNext } from '../terminal.js';

export const tags = defineCommand({
  name: 'tags',
  summary: 'Lists tags, or the jobs of one.',
  takes: ['[TAG]'],
  options: {
    endpoint: short('e', option('NAME', 'with TAG: of this endpoint', oneOf(ENDPOINT_NAMES))),
    cursor: CURSOR,
    json: JSON_FLAG,
  },
  async run({ values, args: [tag] }, context) {
    const { endpoint, cursor, json } = values;
    if (tag === undefined && endpoint !== undefined) throw badInput('--endpoint goes with a TAG.');
    const wanted = { ...given({ endpoint, cursor }), signal: context.terminal.interrupted };
    const page = await (tag === undefined ? allTags(wanted, context) : jobsOf(tag, wanted, context));
    if (json || page.text !== '') print(context.terminal, json ? JSON.stringify(page.answer) : page.text);
    else say(context.terminal, 'There are no tags yet: submit … --tag names a series of jobs.');
    const next = page.answer.next_cursor;
    if (!json) sayNext(context.terminal, next);
    return EXIT.complete;
  },
});

async function allTags(page: PageOptions, { client }: Context) {
  const answer = await client.tags(page);
  return { answer, text: answer.tags.map(printable).join('\n') };
}

async function jobsOf(tag: string, filter: TagFilter, { client }: Context) {
  const answer = await client.tag(tag, filter);
  return { answer, text: jobsTable(answer.jobs) };
}
