import { Hono } from 'hono';
import { accepts } from 'hono/accepts';
import type { AppEnv } from '../services.js';
import { DOCS, OPENAPI } from './description.js';

/** `GET /`: a browser is led to the documentation, any other client is told where it is. */
export function root(): Hono<AppEnv> {
  return new Hono<AppEnv>().get('/', (c) => {
    c.header('vary', 'Accept');
    const form = accepts(c, {
      header: 'Accept',
      supports: ['application/json', 'text/html'],
      default: 'application/json',
    });
    return form === 'text/html' ? c.redirect(DOCS) : c.json({ docs: DOCS, openapi: OPENAPI });
  });
}
