import { createLinkhaulClient } from '@linkhaul/client/service';
import type { EnvSource } from '@linkhaul/runtime/env';
import { nearest } from '@linkhaul/schemas';
import { overview } from './arguments/help.js';
import { adviceOn } from './arguments/near-commands.js';
import type { Command, Context } from './command.js';
import { COMMANDS } from './commands/index.js';
import { readCliEnv } from './env.js';
import { EXIT } from './exit-codes.js';
import { badInput, CliFailure, failureOf } from './failure.js';
import { ReaderGone, watchOutput } from './output.js';
import { printable } from './render/printable.js';
import { print, say, type Terminal } from './terminal.js';

export interface Invocation {
  /** The command line after `linkhaul`. */
  readonly words: readonly string[];
  readonly env: EnvSource;
  readonly version: string;
  readonly terminal: Terminal;
}

/** Runs one command line and resolves with the exit code. Never rejects: each error is one line on standard error. */
export async function runCli(invocation: Invocation): Promise<number> {
  const { words, env, terminal } = invocation;
  const output = watchOutput(terminal.stdout);
  let service = 'LINKHAUL_URL';
  const open = (): Context => {
    const settings = readCliEnv(env);
    service = settings.LINKHAUL_URL;
    const client = createLinkhaulClient({ baseUrl: service, apiKey: settings.LINKHAUL_API_KEY });
    return { client, terminal, env: settings };
  };
  try {
    const code = await Promise.race([dispatch(invocation, open), output.broken]);
    await output.flushed();
    return code;
  } catch (error) {
    if (error instanceof ReaderGone) return EXIT.complete;
    if (terminal.interrupted.aborted) {
      say(terminal, error instanceof CliFailure ? error.message : 'Interrupted.');
      return EXIT.interrupted;
    }
    const failure = failureOf(error, service);
    const asJson = words.includes('--json');
    const { message, exit, problem } = failure;
    say(terminal, asJson ? JSON.stringify({ error: { message, exit, problem } }) : `linkhaul: ${message}`);
    return exit;
  }
}

async function dispatch({ words, version, terminal }: Invocation, open: () => Context): Promise<number> {
  const [first] = words;
  if (['--version', '-V', 'version'].includes(first ?? '')) {
    print(terminal, version);
    return EXIT.complete;
  }
  if (first === undefined) {
    say(terminal, overview(COMMANDS));
    return EXIT.badInput;
  }
  const isHelp = ['help', '--help', '-h'].includes(first);
  const named = isHelp ? words.slice(1).filter((word) => !word.startsWith('-')) : words;
  if (named.length === 0) {
    print(terminal, overview(COMMANDS));
    return EXIT.complete;
  }
  const { command, rest } = commandOf(named);
  return command.run(isHelp ? ['--help'] : rest, terminal, open);
}

/** The command that the arguments begin with. `keys create` is tried before `keys`. */
function commandOf(words: readonly string[]): { command: Command; rest: readonly string[] } {
  for (const length of [2, 1]) {
    const name = words.slice(0, length).join(' ');
    const command = COMMANDS.find((candidate) => candidate.name === name);
    // If a command takes no arguments, a word after it is taken for a misspelt subcommand: `keys crate`.
    const isWhole = length === 2 || !isWord(words[1]) || command?.takes.length !== 0;
    if (command !== undefined && isWhole) return { command, rest: words.slice(length) };
  }
  throw badInput(unknownCommand(words));
}

function isWord(word: string | undefined): boolean {
  return word !== undefined && !word.startsWith('-');
}

function unknownCommand([first = '', second = '']: readonly string[]): string {
  const names = COMMANDS.map(({ name }) => name);
  if (first.startsWith('-'))
    return `${printable(first)} comes before any command: linkhaul COMMAND ${printable(first)} …`;
  const beginning = names.filter((name) => name.startsWith(`${first} `));
  if (beginning.length > 0 && isWord(second) && second !== '') {
    const near = nearest(`${first} ${second}`, beginning);
    const advice =
      near === null
        ? `There is ${[...names.filter((name) => name === first), ...beginning].join(', ')}.`
        : `Did you mean linkhaul ${near}?`;
    return `There is no command "${printable(`${first} ${second}`)}". ${advice}`;
  }
  if (beginning.length > 0) return `${first} what? There is ${beginning.join(', ')}.`;
  if (names.includes(first)) return `linkhaul ${first} takes no argument: "${printable(second)}" is one too many.`;
  return `There is no command "${printable(first)}". ${adviceOn(first, names)}`;
}
