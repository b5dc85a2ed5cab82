import { createConfig, lintFromString } from '@redocly/openapi-core';
import spectralCore from '@stoplight/spectral-core';
import { oas } from '@stoplight/spectral-rulesets';
import { expect, it } from 'vitest';
import { createDocument } from '../src/openapi/document.js';
import { ROUTES } from '../src/routes/index.js';

const document = createDocument(ROUTES);

it('the description is as redocly recommends', async () => {
  const config = await createConfig({ extends: ['recommended'] });
  const source = JSON.stringify(document);
  const problems = await lintFromString({ source, absoluteRef: 'openapi.json', config });
  expect(problems.map(({ ruleId, message, location }) => [ruleId, message, location[0]?.pointer])).toEqual([]);
});

it('and as spectral does', async () => {
  const spectral = new spectralCore.Spectral();
  spectral.setRuleset(new spectralCore.Ruleset({ extends: [[oas, 'recommended']] }));
  const problems = await spectral.run(JSON.stringify(document));
  expect(problems.map(({ code, message, path }) => [code, message, path.join('/')])).toEqual([]);
});
