import type { Hono } from 'hono';
import { ApiProblem } from '../problem.js';
import type { AppEnv } from '../services.js';
import { DOCS_PATH, OPENAPI_PATH } from './where-to-look.js';

const WHERE_TO_LOOK = `${DOCS_PATH} is the documentation, ${OPENAPI_PATH} is the same for programs.`;

/** The answer to a request without a route: 405 if the path has other methods, else 404 with the paths of the documentation. */
export function notFound(app: Hono<AppEnv>): (method: string, path: string) => ApiProblem {
  const routes = app.routes
    .filter(({ method }) => method !== 'ALL')
    .map(({ method, path }) => ({ method, pattern: patternOf(path) }));
  return (method, path) => {
    const methods = new Set(routes.filter(({ pattern }) => pattern.test(path)).map((route) => route.method));
    if (methods.size === 0) return new ApiProblem('not_found', `There is no ${method} ${path}. ${WHERE_TO_LOOK}`);
    const allow = [...methods].join(', ');
    return new ApiProblem('method_not_allowed', `${path} takes ${allow}, not ${method}.`, { headers: { allow } });
  };
}

function patternOf(path: string): RegExp {
  const steps = path.split('/').map((step) => (step.startsWith(':') ? '[^/]+' : step.replace(/[^\w-]/g, '\\$&')));
  return new RegExp(`^${steps.join('/')}$`);
}
