import type { StorageAdoption } from '@linkhaul/schemas';
import { flag } from '../arguments/option.js';
import { JSON_FLAG } from '../arguments/shared.js';
import { defineCommand } from '../command.js';
import { EXIT } from '../exit-codes.js';
import { printable } from '../render/printable.js';
import { print } from '../terminal.js';

export const storageAdopt = defineCommand({
  name: 'storage adopt',
  summary: "Accepts the present storage as this installation's, after it was moved on purpose. Needs the admin's key.",
  takes: [],
  options: {
    empty: flag('also if Redis has lost everything: starts over, without the jobs in storage'),
    json: JSON_FLAG,
  },
  async run({ values: { empty, json } }, { client, terminal }) {
    const adoption = await client.adoptStorage({ empty, signal: terminal.interrupted });
    print(terminal, json ? JSON.stringify(adoption) : printable(sentence(adoption)));
    return EXIT.complete;
  },
});

function sentence({ installation, was, marked }: StorageAdoption): string {
  if (marked) return `Storage had no marker and has one now: it is installation ${installation}.`;
  if (was === installation) return `Storage was installation ${installation} already.`;
  if (was === null) return `Installation ${installation} starts over. Jobs that Redis has lost stay lost.`;
  return `Storage is taken: this is installation ${installation} now, and was ${was}.`;
}
