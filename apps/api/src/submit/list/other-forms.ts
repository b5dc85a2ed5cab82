import { ApiProblem } from '../../problem.js';

/** A text format that people send by mistake: its name, and what to send instead. */
interface OtherForm {
  readonly begins: RegExp;
  readonly name: string;
  readonly way: string;
}

const AS_NDJSON = "with -H 'Content-Type: application/x-ndjson'";
const AS_JSON = `as "targets" of an object with "endpoint", with -H 'Content-Type: application/json'`;

const MARKUP: readonly OtherForm[] = [
  {
    begins: /^<(?:!doctype\s+html|html|head|body|table|div|meta|script)\b/i,
    name: 'an HTML page',
    way: 'send the addresses in it as text/plain, one per line',
  },
  {
    begins: /^<(?:\?xml|urlset|sitemapindex|rss|feed|opml|!doctype|!--)/i,
    name: 'an XML file, such as a sitemap',
    way: 'send what stands between <loc> and </loc> as text/plain, one address per line',
  },
];

const JSON_ARRAY = { begins: /^\[\s*(?:["{\]]|$)/, name: 'a JSON array' };

/** Bodies that are neither text with one target per line nor CSV. */
const IN_TEXT: readonly OtherForm[] = [
  ...MARKUP,
  { begins: /^\{\\rtf/, name: 'an RTF document', way: 'save it as plain text, one target per line' },
  { ...JSON_ARRAY, way: `send it ${AS_JSON}, or each element on a line ${AS_NDJSON}` },
  { begins: /^\{\s*"(?:target|id)"\s*:/, name: 'NDJSON', way: `send it ${AS_NDJSON}` },
  { begins: /^\{\s*"/, name: 'a JSON object', way: `send it ${AS_JSON}` },
];

/** A line of NDJSON may be a list where rows are sets of targets. */
const IN_NDJSON_OF_SETS = MARKUP;

const IN_NDJSON: readonly OtherForm[] = [
  ...MARKUP,
  { ...JSON_ARRAY, way: `send each element on a line, as jq -c '.[]' does, or all ${AS_JSON}` },
];

/** Every such format begins like this, and almost no list does. */
const MAYBE = /^\s*(?:[<[{]|$)/;
/** How many characters are compared, and how much white space before them is skipped. */
const LENGTH_JUDGED = 64;
const MOST_BLANK = 4096;

/** Passes a list's text on, and refuses by name a text of another form. */
export async function* refuseOtherForms(
  pieces: AsyncIterable<string>,
  list: { readonly isNdjson: boolean; readonly isOfSets: boolean },
): AsyncGenerator<string> {
  const inNdjson = list.isOfSets ? IN_NDJSON_OF_SETS : IN_NDJSON;
  const forms = list.isNdjson ? inNdjson : IN_TEXT;
  let unjudged: string | null = '';
  try {
    for await (const piece of pieces) {
      const text: string = (unjudged ?? '') + piece;
      if (unjudged !== null && isOpen(text)) {
        unjudged = text;
        continue;
      }
      if (unjudged !== null) refuse(text, forms);
      unjudged = null;
      yield text;
    }
  } catch (error) {
    // The text before the fault is needed to tell the line of the fault.
    if (unjudged !== null) yield unjudged;
    throw error;
  }
  if (unjudged === null) return;
  refuse(unjudged, forms);
  yield unjudged;
}

function isOpen(text: string): boolean {
  return text.length < MOST_BLANK && MAYBE.test(text) && text.trimStart().length < LENGTH_JUDGED;
}

function refuse(head: string, forms: readonly OtherForm[]): void {
  const text = head.trimStart().slice(0, LENGTH_JUDGED);
  const form = forms.find(({ begins }) => begins.test(text));
  if (form !== undefined) throw new ApiProblem('unsupported_media_type', `The body is ${form.name}: ${form.way}.`);
}
