import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLinkhaulClient } from '../../src/service/index.js';

/** The address that a client with this base asks for its jobs. */
async function asked(baseUrl: string | URL): Promise<string> {
  let url = '';
  const fetch: typeof globalThis.fetch = async (input) => {
    url = String(input);
    return Response.json({ jobs: [], next_cursor: null });
  };
  await createLinkhaulClient({ baseUrl, fetch }).jobs();
  return url;
}

describe('the address of the service', () => {
  it.each([
    ['http://127.0.0.1:8080', 'http://127.0.0.1:8080/v1/jobs'],
    ['http://127.0.0.1:8080///', 'http://127.0.0.1:8080/v1/jobs'],
    ['HTTPS://Linkhaul.Example/', 'https://linkhaul.example/v1/jobs'],
    [' https://linkhaul.example/tools/\n', 'https://linkhaul.example/tools/v1/jobs'],
    ['http://[::1]:8080', 'http://[::1]:8080/v1/jobs'],
    ['localhost:8080', 'http://localhost:8080/v1/jobs'],
    ['127.0.0.1:8080', 'http://127.0.0.1:8080/v1/jobs'],
    ['https://linkhaul.example/docs/links', 'https://linkhaul.example/docs/links/v1/jobs'],
    [new URL('https://linkhaul.example/v10/'), 'https://linkhaul.example/v10/v1/jobs'],
  ])('may be %s', async (baseUrl, url) => {
    expect(await asked(baseUrl)).toBe(url);
  });

  it.each([
    ['', 'must be the address of the service, such as http://127.0.0.1:8080'],
    ['  ', 'must be the address of the service'],
    ['linkhaul.example:8080', 'needs its scheme: https://linkhaul.example'],
    ['/v1', 'must be an address of http or https'],
    ['http:linkhaul.example', 'must be an address of http or https'],
    ['ftp://linkhaul.example', 'must be an address of http or https'],
    [new URL('file:///tmp'), 'must be an address of http or https'],
    ['http://', 'must be a URL'],
    ['http://linkhaul example', 'must be a URL'],
    ['http://127.0.0.1:99999', 'must be a URL'],
    ['https://linkhaul.example/?key=1', 'must not hold a query or a fragment'],
    ['https://linkhaul.example/#docs', 'must not hold a query or a fragment'],
    ['https://linkhaul.example/v1', 'must be the address without /v1'],
    ['https://linkhaul.example/v1/', 'must be the address without /v1'],
    ['https://linkhaul.example/links/docs', 'must be the address without /docs'],
  ])('may not be %s', (baseUrl, says) => {
    expect(() => createLinkhaulClient({ baseUrl })).toThrow(says);
    expect(() => createLinkhaulClient({ baseUrl })).toThrow(TypeError);
  });

  it('that holds a password is refused without showing it', () => {
    const create = () => createLinkhaulClient({ baseUrl: 'https://me:hidden@linkhaul.example' });
    expect(create).toThrow('baseUrl must not hold a user name');
    expect(create).not.toThrow('hidden');
  });

  it('is one sentence where a program without types gives none', () => {
    for (const options of [{}, { baseUrl: null }, { baseUrl: 8080 }, { baseUrl: undefined }]) {
      const create = () => Reflect.apply(createLinkhaulClient, undefined, [options]);
      expect(create).toThrow('baseUrl must be the address of the service, such as http://127.0.0.1:8080');
    }
  });

  it('is taken or refused by a sentence, whatever it is', async () => {
    const part = fc.oneof(
      fc.constantFrom('//', ':', '@', '/v1', '?', '#', ' ', '\\', '[::1]', 'a.com', '%'),
      fc.string(),
    );
    const parts = fc.tuple(fc.constantFrom('http://', 'https:', 'ws://', ''), fc.array(part, { maxLength: 5 }));
    const text = parts.map(([scheme, rest]) => scheme + rest.join(''));
    await fc.assert(
      fc.asyncProperty(text, async (baseUrl) => {
        const url = await asked(baseUrl).catch((error: unknown) => error);
        if (typeof url === 'string') expect(url).toMatch(/^https?:\/\/[^/?#@]+(\/[^?#]*)?\/v1\/jobs$/);
        else expect(url).toMatchObject({ name: 'TypeError', message: expect.stringMatching(/^baseUrl \w/) });
      }),
    );
  });
});
