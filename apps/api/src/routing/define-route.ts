import type { z } from 'zod';
import { createRequestReader } from './read-request.js';
import type { Definition, Route } from './route.js';

/** Makes a route from its definition. The handler gets the request as parsed by the schema that the documentation shows. */
export function defineRoute<P extends z.ZodObject, Q extends z.ZodObject, B extends z.ZodObject>(
  definition: Definition<P, Q, B>,
): Route {
  return {
    ...definition,
    createHandler(services, schemas) {
      const read = createRequestReader(definition, schemas);
      const handle = definition.serve(services);
      return async (c) => {
        const { input, given } = await read(c);
        return handle(c, input, given);
      };
    },
  };
}
