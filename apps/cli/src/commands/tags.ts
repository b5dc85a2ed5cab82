import { oneOf, option, short } from '../arguments/option.js';
import { CURSOR, JSON_FLAG } from '../arguments/shared.js';
import { type Context, defineCommand } from '../command.js';
import { EXIT } from '../exit-codes.js';
import { badInput } from '../failure.js';
import { ENDPOINT_NAMES } from '../list/options.js';
import { jobsTable } from '../render/jobs.js';
import { printable } from '../render/printable.js';
import { print, say } from '../terminal.js';

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
    const page = tag === undefined ? await allTags(cursor, context) : await jobsOf(tag, { endpoint, cursor }, context);
    print(context.terminal, json ? JSON.stringify(page.answer) : page.text);
    const next = page.answer.next_cursor;
    if (next !== null && !json) say(context.terminal, `next: --cursor ${next}`);
    return EXIT.complete;
  },
});

async function allTags(cursor: string | undefined, { client, terminal }: Context) {
  const answer = await client.tags({ ...(cursor !== undefined && { cursor }), signal: terminal.interrupted });
  return { answer, text: answer.tags.map(printable).join('\n') };
}

type OfTag = Parameters<Context['client']['tag']>[1];

async function jobsOf(
  tag: string,
  { endpoint, cursor }: { endpoint: NonNullable<OfTag>['endpoint'] | undefined; cursor: string | undefined },
  { client, terminal }: Context,
) {
  const answer = await client.tag(tag, {
    ...(endpoint !== undefined && { endpoint }),
    ...(cursor !== undefined && { cursor }),
    signal: terminal.interrupted,
  });
  return { answer, text: jobsTable(answer.jobs) };
}
