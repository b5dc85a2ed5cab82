import { createRequestReader } from './read-request.js';
import type { Definition, RequestSchema, Route } from './route.js';

/** Makes a route of its definition: its handler is called with what the shown schema has parsed. */
export function defineRoute<I extends RequestSchema>(definition: Definition<I>): Route {
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
