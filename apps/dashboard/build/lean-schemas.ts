import { withoutBodies } from './schema-bodies.js';

/** The built modules of the schemas, and among them the list of endpoints. */
const SCHEMAS = /\/schemas\/dist\/.*\.js$/;
const ENDPOINTS = /\/schemas\/dist\/endpoints\/index\.js$/;

/**
 * Leaves out of the page what it never reads: what schemas check and say of themselves, because the page trusts the answers,
 * and what makes the endpoints' schemas, of which the page has the names, the forms and the columns as data.
 */
export function leanSchemas() {
  return {
    name: 'lean-schemas',
    async load(id: string) {
      if (!ENDPOINTS.test(id)) return null;
      const { endpointName } = await import('@linkhaul/schemas');
      return `import { z } from 'zod';
export const endpointName = z.enum(${JSON.stringify(endpointName.options)});
export const ENDPOINTS = {};
export const endpointOf = (name) => { throw new Error(\`the page has no schema of \${name}\`); };`;
    },
    transform(code: string, id: string) {
      return SCHEMAS.test(id) ? { code: withoutBodies(code), map: null } : null;
    },
  };
}
