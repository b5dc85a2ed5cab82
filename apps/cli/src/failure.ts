import { LinkhaulProblem, LinkhaulUnexpectedAnswer, LinkhaulUnreachable } from '@linkhaul/client/service';
import type { Problem } from '@linkhaul/schemas';
import { EXIT } from './exit-codes.js';
import { optionsFor } from './render/option-names.js';
import { printable } from './render/printable.js';

/** An error for the user. Its message is shown unchanged and says what to do. */
export class CliFailure extends Error {
  override readonly name = 'CliFailure';
  readonly exit: number;

  constructor(exit: number, message: string) {
    super(message);
    this.exit = exit;
  }
}

/** For arguments and files that cannot be used. */
export function badInput(message: string): CliFailure {
  return new CliFailure(EXIT.badInput, message);
}

export interface Failure {
  readonly exit: number;
  /** One line. */
  readonly message: string;
  /** The service's own words, if it refused. */
  readonly problem?: Problem;
}

/** Turns any error into a message and an exit code. `service`: the base URL. */
export function failureOf(error: unknown, service: string): Failure {
  if (error instanceof CliFailure) return { exit: error.exit, message: oneLine(error.message) };
  if (error instanceof LinkhaulProblem) return ofProblem(error, service);
  if (error instanceof LinkhaulUnreachable) {
    const advice = `Is the service up at ${service}? LINKHAUL_URL says where it is.`;
    return { exit: EXIT.unreachable, message: oneLine(`${withDot(error.message)} ${advice}`) };
  }
  if (error instanceof LinkhaulUnexpectedAnswer) {
    return { exit: EXIT.unreachable, message: oneLine(ofUnexpected(error, service)) };
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { exit: EXIT.unwritten, message: `This is a bug in linkhaul, please report it: ${oneLine(text)}` };
}

function ofUnexpected({ status, retryable }: LinkhaulUnexpectedAnswer, service: string): string {
  if (retryable)
    return `The server answered ${status}, or a proxy before it. Try again soon; LINKHAUL_URL is ${service}.`;
  const advice = `Is LINKHAUL_URL (${service}) the address of a Linkhaul service of this version, with no login page before it?`;
  return `An answer (HTTP ${status}) is not in Linkhaul's form. ${advice}`;
}

function ofProblem(error: LinkhaulProblem, service: string): Failure {
  const { problem } = error;
  const exit = error.retryable ? EXIT.unreachable : EXIT.badInput;
  const message = `${withDot(error.message)}${detailsOf(problem)}`;
  const key = error.status === 401 ? ` LINKHAUL_API_KEY holds the key for ${service}.` : '';
  return { exit, message: oneLine(`${message}${optionsFor(message)}${key}`), problem };
}

const SHOWN_DETAILS = 3;

/** The first three errors that the detail does not mention, as text to append. */
function detailsOf({ detail, errors = [] }: Problem): string {
  const others = errors.filter(({ message }) => !detail.includes(message));
  const shown = others.slice(0, SHOWN_DETAILS).map(({ line, pointer, message }) => {
    const at = line === undefined ? pointer : `line ${line}`;
    return at === undefined ? message : `${at}: ${message}`;
  });
  if (shown.length === 0) return '';
  const rest = others.length - shown.length;
  return ` ${withDot(`${shown.join('; ')}${rest > 0 ? `; and ${rest} more, which --json shows` : ''}`)}`;
}

function withDot(text: string): string {
  return /[.?!]$/.test(text) ? text : `${text}.`;
}

/** The text may come from the service, and contain line breaks or a terminal's escape codes. */
function oneLine(text: string): string {
  return printable(text.replaceAll(/\s*[\r\n]\s*/g, ' '));
}
