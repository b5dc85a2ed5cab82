/** A ClickHouse and a database in it, as `clickhouse://user:password@host:port/database` names them. */
export interface Address {
  /** Of the HTTP interface. */
  readonly url: string;
  readonly username: string;
  readonly password: string;
  readonly database: string;
}

const FORM = 'must be a URL such as clickhouse://user:password@host:8123/database';

/** With `?secure=true` the connection is encrypted. A problem never shows the password. */
export function addressOf(text: string): Address | { readonly problem: string } {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url?.protocol !== 'clickhouse:' || url.hostname === '') return { problem: FORM };
  const isSecure = url.search === '?secure=true';
  if (url.search !== '' && !isSecure) return { problem: `${FORM}; its only option is ?secure=true` };
  const database = url.pathname.slice(1);
  if (!/^[A-Za-z_][\w-]*$/.test(database))
    return { problem: `${FORM}; a database is named by letters, digits, - and _` };
  return {
    url: isSecure ? `https://${url.hostname}:${url.port || 8443}` : `http://${url.hostname}:${url.port || 8123}`,
    username: decoded(url.username || 'default'),
    password: decoded(url.password),
    database,
  };
}

/** What is not encoded as in URLs stands for itself. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
