import type { Example, Route } from '../routing/route.js';

/** An example as a shell command; `LINKHAUL_URL` and the keys are variables of the shell. */
export function curlOf({ method, path, access }: Route, example: Example): string {
  const { body, headers = {}, as = access } = example;
  // curl sends POST by default if there is a body.
  const usual = body === undefined ? 'get' : 'post';
  const parts = [
    `curl${method === usual ? '' : ` -X ${method.toUpperCase()}`} "$LINKHAUL_URL${pathOf(path, example)}"`,
    ...(access === 'open'
      ? []
      : [`-H "Authorization: Bearer $${as === 'admin' ? 'LINKHAUL_ADMIN_KEY' : 'LINKHAUL_API_KEY'}"`]),
    ...Object.entries(headers).map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`),
    ...(body === undefined
      ? []
      : [`-H ${quoted(`Content-Type: ${body.type}`)}`, `--data-raw ${quoted(textOf(body.content))}`]),
  ];
  return parts.join(' \\\n  ');
}

/** Percent-encoded, so that no character has a meaning inside double quotes. */
function pathOf(path: string, { params = {}, query = {} }: Example): string {
  const filled = path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(params[name] ?? ''));
  const pairs = Object.entries(query).map(
    ([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`,
  );
  return pairs.length === 0 ? filled : `${filled}?${pairs.join('&')}`;
}

function textOf(content: unknown): string {
  return typeof content === 'string' ? content : JSON.stringify(content, null, 2);
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
