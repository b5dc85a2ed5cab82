import type { LinkhaulClient } from '@linkhaul/client/service';
import { commandHelp, type Helped } from './arguments/help.js';
import { flag, type Options } from './arguments/option.js';
import { type Parsed, parseWords } from './arguments/parse.js';
import type { CliEnv } from './env.js';
import { EXIT } from './exit-codes.js';
import { print, type Terminal } from './terminal.js';

/** What a command works with. */
export interface Context {
  readonly client: LinkhaulClient;
  readonly terminal: Terminal;
  readonly env: CliEnv;
}

/** Called once the arguments are parsed. Throws if the environment cannot be used. */
type OpenContext = () => Context;

interface Spec<O extends Options> extends Helped {
  readonly options: O;
  readonly run: (parsed: Parsed<O>, context: Context) => Promise<number>;
}

export interface Command extends Helped {
  /** Resolves with the exit code. */
  run(words: readonly string[], terminal: Terminal, open: OpenContext): Promise<number>;
}

const HELP = { help: { ...flag('show this'), short: 'h' } };

/** Makes a command. Its `run` gets the parsed options with their types. */
export function defineCommand<O extends Options>(spec: Spec<O>): Command {
  return {
    ...spec,
    async run(words, terminal, open) {
      if (asksForHelp(words)) {
        print(terminal, commandHelp({ ...spec, options: { ...spec.options, ...HELP } }));
        return EXIT.complete;
      }
      return spec.run(parseWords(words, spec), open());
    },
  };
}

/** `--help` counts anywhere before `--`, even if other arguments are wrong. */
function asksForHelp(words: readonly string[]): boolean {
  const end = words.indexOf('--');
  return words.slice(0, end === -1 ? words.length : end).some((word) => word === '--help' || word === '-h');
}
