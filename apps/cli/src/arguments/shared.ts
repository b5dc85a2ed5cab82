import { flag, option, short, text } from './option.js';

/** Options that mean the same in several commands. */
export const JSON_FLAG = flag('print the JSON of the service, on one line; errors too');
export const OUT = short('o', option('FILE', 'write there, whole or not at all (standard output)', text));
/** For the commands about keys. */
export const TENANT = option('NAME', "whose keys, with the admin's key in LINKHAUL_API_KEY", text);
export const CURSOR = option('CURSOR', 'the page that `next` of the page before names', text);
/** For commands that wait for a job. */
export const ALLOW_INVALID = flag('invalid rows do not count against the exit code');
export const SPREADSHEET = flag('of CSV: begins with a byte order mark, and no text is taken for a formula');
