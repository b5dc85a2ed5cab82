import type { Hono } from 'hono';
import { ApiProblem } from '../problem.js';
import type { AppEnv } from '../services.js';

/** What no route took: a path that is there for other methods says which. */
export function notFound(app: Hono<AppEnv>): (method: string, path: string) => ApiProblem {
  const routes = app.routes
    .filter(({ method }) => method !== 'ALL')
    .map(({ method, path }) => ({ method, pattern: patternOf(path) }));
  return (method, path) => {
    const methods = new Set(routes.filter(({ pattern }) => pattern.test(path)).map((route) => route.method));
    if (methods.size === 0) return new ApiProblem('not_found', `There is no ${method} ${path}.`);
    const allow = [...methods].join(', ');
    return new ApiProblem('method_not_allowed', `${path} takes ${allow}, not ${method}.`, { headers: { allow } });
  };
}

function patternOf(path: string): RegExp {
  const steps = path.split('/').map((step) => (step.startsWith(':') ? '[^/]+' : step.replace(/[^\w-]/g, '\\$&')));
  return new RegExp(`^${steps.join('/')}$`);
}
