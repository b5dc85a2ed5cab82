import type { PartHead } from '../part.js';

export type Column =
  | 'url_from'
  | 'url_to'
  | 'anchor'
  | 'alt'
  | 'rel'
  | 'nofollow'
  | 'follow'
  | 'ugc'
  | 'sponsored'
  | 'type'
  | 'is_image'
  | 'is_redirect'
  | 'is_frame'
  | 'is_form'
  | 'is_mention'
  | 'place'
  | 'first_seen'
  | 'last_seen'
  | 'lost_at'
  | 'is_lost'
  | 'title'
  | 'language'
  | 'links_external'
  | 'links_internal';

/** Where the columns of a table are, from 0. */
export type Columns = ReadonlyMap<Column, number>;

/** The names that tools give the columns, in small letters and digits alone. */
const COLUMN_OF: Readonly<Record<string, Column>> = {
  ...named(
    'url_from',
    'urlfrom sourceurl source from fromurl referringpageurl referringurl linkingurl backlinkurl linkfrom',
  ),
  ...named('url_to', 'urlto targeturl target to tourl destination destinationurl linkurl linkto targetpage'),
  ...named('anchor', 'anchor anchortext linkanchor linktext'),
  ...named('alt', 'alt alttext'),
  ...named('rel', 'rel attributes linkattributes'),
  ...named('nofollow', 'nofollow flagnofollow isnofollow'),
  ...named('follow', 'follow dofollow isdofollow'),
  ...named('ugc', 'ugc'),
  ...named('sponsored', 'sponsored'),
  ...named('type', 'type linktype itemtype'),
  ...named('is_image', 'image flagimagelink isimage'),
  ...named('is_redirect', 'flagredirect'),
  ...named('is_frame', 'frame flagframe'),
  ...named('is_form', 'form'),
  ...named('is_mention', 'flagmention'),
  ...named('place', 'semanticlocation place'),
  ...named('first_seen', 'firstseen firstindexeddate sourcefirstfounddate firstfound'),
  ...named('last_seen', 'lastseen lastcheck lastchecked lastseendate sourcecrawldate crawldate date'),
  ...named('lost_at', 'lost daylost datelost lostdate lostat'),
  ...named('is_lost', 'lostlink linklost islost'),
  ...named('title', 'title pagetitle referringpagetitle sourcetitle pagefromtitle'),
  ...named('language', 'language pagefromlanguage'),
  ...named('links_external', 'externallinks pagefromexternallinks'),
  ...named('links_internal', 'internallinks pagefrominternallinks'),
};

function named(column: Column, names: string): Readonly<Record<string, Column>> {
  return Object.fromEntries(names.split(' ').map((name) => [name, column]));
}

/** The columns that a record names. If two have one meaning, the first is taken. */
export function columnsOf(header: readonly string[]): Columns {
  const columns = new Map<Column, number>();
  for (const [at, name] of header.entries()) {
    const column = COLUMN_OF[plainName(name)];
    if (column !== undefined && !columns.has(column)) columns.set(column, at);
  }
  return columns;
}

export function namesLinks(columns: Columns): boolean {
  return columns.has('url_from') && columns.has('url_to');
}

type Tool = Extract<PartHead['source']['form'], 'ahrefs' | 'semrush' | 'majestic' | 'screaming_frog' | 'csv'>;

/** Columns by which a tool is known. */
const TELLING: Readonly<Record<string, Tool>> = {
  referringpageurl: 'ahrefs',
  pageascore: 'semrush',
  sourcetitle: 'semrush',
  sourcetrustflow: 'majestic',
  sourcecitationflow: 'majestic',
  flagnofollow: 'majestic',
  linkpath: 'screaming_frog',
  linkposition: 'screaming_frog',
  pathtype: 'screaming_frog',
};

/** Whose table it is, by its columns. */
export function toolOf(header: readonly string[]): Tool {
  for (const name of header) {
    const tool = TELLING[plainName(name)];
    if (tool !== undefined) return tool;
  }
  return 'csv';
}

function plainName(name: string): string {
  return name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
}
