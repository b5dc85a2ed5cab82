/** What STORAGE_URL says about a bucket. */
export interface S3Address {
  readonly bucket: string;
  readonly region: string;
  /** The beginning of each key: empty, or ends with a slash. */
  readonly prefix: string;
  /** Where requests go, and the bucket's path there: empty if the bucket is in the host's name. */
  readonly origin: string;
  readonly path: string;
  /** For messages. */
  readonly name: string;
}

const BUCKET = /^[a-z0-9][a-z0-9._-]{1,61}[a-z0-9]$/i;
const SETTINGS = new Set(['endpoint', 'region', 'path_style']);
const DEFAULT_REGION = 'us-east-1';

/** Parses `s3://bucket/prefix?endpoint=&region=&path_style=`. Null for anything else. */
export function parseS3Url(text: string): S3Address | null {
  if (!text.startsWith('s3://') || !URL.canParse(text)) return null;
  const url = new URL(text);
  const prefix = prefixIn(url.pathname);
  const settings = settingsIn(url.searchParams);
  const extras = url.username + url.password + url.port + url.hash;
  if (!BUCKET.test(url.hostname) || prefix === null || settings === null || extras !== '') return null;
  const { region, endpoint, isPathStyle } = settings;
  const base = endpoint ?? new URL(`https://s3.${region}.amazonaws.com`);
  const host = isPathStyle ? base.host : `${url.hostname}.${base.host}`;
  const origin = `${base.protocol}//${host}`;
  const path = `${base.pathname.replace(/\/+$/, '')}${isPathStyle ? `/${url.hostname}` : ''}`;
  const name = `s3://${url.hostname}/${prefix} (${base.origin})`;
  return { bucket: url.hostname, region, prefix, origin, path, name };
}

function prefixIn(path: string): string | null {
  const trimmed = path.replace(/^\/|\/$/g, '');
  if (trimmed === '') return '';
  if (trimmed.split('/').includes('')) return null;
  try {
    return `${decodeURIComponent(trimmed)}/`;
  } catch {
    return null;
  }
}

interface Settings {
  readonly region: string;
  readonly endpoint: URL | null;
  readonly isPathStyle: boolean;
}

/** A misspelt setting is refused, because the URL would then mean another place. */
function settingsIn(query: URLSearchParams): Settings | null {
  if ([...query.keys()].some((key) => !SETTINGS.has(key))) return null;
  const region = query.get('region') || DEFAULT_REGION;
  const given = query.get('endpoint') || null;
  const endpoint = given === null ? null : endpointIn(given);
  if (!/^[\w-]+$/.test(region) || (given !== null && endpoint === null)) return null;
  const style = query.get('path_style') || String(endpoint !== null);
  if (style !== 'true' && style !== 'false') return null;
  return { region, endpoint, isPathStyle: style === 'true' };
}

function endpointIn(text: string): URL | null {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !/^https?:$/.test(url.protocol)) return null;
  return url.username + url.password + url.search + url.hash === '' ? url : null;
}
