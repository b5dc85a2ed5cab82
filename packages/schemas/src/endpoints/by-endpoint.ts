import type { z } from 'zod';
import type { ENDPOINTS, EndpointName } from './index.js';

/** The parameters that jobs of an endpoint may have. */
export type ParamsOf<E extends EndpointName> = z.input<(typeof ENDPOINTS)[E]['params']>;

/** An item of an endpoint as the upstream documents it: a field that the upstream does not know is null. There may be more. */
export type ItemOf<E extends EndpointName> = Documented<z.output<(typeof ENDPOINTS)[E]['item']>>;

export type KindOf<E extends EndpointName> = (typeof ENDPOINTS)[E]['kind'];

/** A field may be missing in what is read, but not in what is documented. */
type Documented<T> = T extends readonly unknown[]
  ? T
  : T extends object
    ? { [K in keyof T]-?: Documented<Exclude<T[K], undefined>> }
    : T;
