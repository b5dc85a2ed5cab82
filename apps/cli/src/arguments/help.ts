import type { Option, Options } from './option.js';

/** The parts of a command from which its help is made. */
export interface Helped {
  readonly name: string;
  readonly summary: string;
  readonly takes: readonly string[];
  readonly options: Options;
  /** Further lines, such as examples. */
  readonly notes?: readonly string[];
}

/** The help of one command. */
export function commandHelp({ name, summary, takes, options, notes = [] }: Helped): string {
  const usage = ['linkhaul', name, ...takes, ...(Object.keys(options).length > 0 ? ['[options]'] : [])].join(' ');
  const lines = Object.entries(options).map(([long, option]) => [labelOf(long, option), option.help] as const);
  return [
    `${summary}\n\nUsage: ${usage}`,
    ...(lines.length === 0 ? [] : [`Options:\n${columns(lines)}`]),
    ...(notes.length === 0 ? [] : [notes.join('\n')]),
  ].join('\n\n');
}

/** The help of `linkhaul` itself, with one line for each command. */
export function overview(commands: readonly Helped[]): string {
  return `linkhaul: bulk jobs for the Backlinks API, from the shell.

Usage: linkhaul COMMAND …     linkhaul help COMMAND     linkhaul --version

Commands:
${columns(commands.map(({ name, takes, summary }) => [[name, ...takes].join(' '), summary] as const))}

Environment:
  LINKHAUL_URL       where the service is (http://127.0.0.1:8080)
  LINKHAUL_API_KEY   your key, or LINKHAUL_API_KEY_FILE; a local service without keys needs none

Exit codes: 0 complete and no invalid row, 1 output cannot be written, 2 bad input, 3 partial or some rows invalid, 4 paused,
5 failed or cancelled, 6 unreachable, 130 interrupted.`;
}

function labelOf(long: string, { short, value }: Option<unknown>): string {
  return `${short === undefined ? '    ' : `-${short}, `}--${long}${value === null ? '' : ` ${value}`}`;
}

function columns(lines: readonly (readonly [string, string])[]): string {
  const width = Math.max(...lines.map(([left]) => left.length));
  return lines.map(([left, right]) => `  ${left.padEnd(width)}   ${right}`).join('\n');
}
