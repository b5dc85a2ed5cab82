import type { z } from 'zod';
import { invalidRequest } from '../problem.js';
import { refuseFields } from './field-errors.js';
import type { Schemas } from './json-schemas.js';
import { createParameterReader, type ParameterReader } from './parameter-values.js';
import { type Query, refuseUnknownParameters } from './query.js';
import { parametersOf } from './shown-parameters.js';

/** Reads queries by the schema that the documentation shows. */
export interface QueryReader<Q extends z.ZodObject> {
  /** Whether a parameter may be given several times. */
  isList(name: string): boolean;
  /** The parameters' values. Throws a problem that names every parameter that is wrong. */
  read(given: Query): z.output<Q>;
}

type Values = Readonly<Record<string, unknown>>;

interface Options {
  readonly schemas: Schemas;
  /** Parameters that the schema does not have are left to the handler. */
  readonly allowsOthers: boolean;
}

export function createQueryReader<Q extends z.ZodObject>(query: Q, { schemas, allowsOthers }: Options): QueryReader<Q> {
  const parameters = parametersOf('query', query, schemas);
  const namesIn = (wanted: string) => parameters.filter(({ style }) => style === wanted).map(({ name }) => name);
  const [lists, maps] = [namesIn('form'), namesIn('deepObject')];
  const readers = new Map(
    parameters
      .filter(({ name }) => !maps.includes(name))
      .map((parameter) => [parameter.name, createParameterReader(parameter, schemas)]),
  );
  return {
    isList: (name) => lists.includes(name),
    read(given) {
      const { plain, pairs } = splitPairs(given, maps);
      if (!allowsOthers) refuseUnknownParameters(Object.keys(plain), [...readers.keys()]);
      const values = { ...pairs, ...valuesOf(plain, readers) };
      return parsed(query, { values, plain, readers });
    },
  };
}

/** A pair such as `metadata[client]=acme`. */
const PAIR = /^([^[]+)\[(.+)\]$/s;

/** Collects the pairs of maps by the map's name, and leaves the other parameters. */
function splitPairs(given: Query, maps: readonly string[]): { plain: Query; pairs: Values } {
  const plain: [string, string][] = [];
  const pairs = new Map<string, [string, string][]>();
  for (const [name, text] of Object.entries(given)) {
    const [, map = '', key = ''] = PAIR.exec(name) ?? [];
    if (maps.includes(map) && key === '__proto__') throw invalidRequest(name, 'is not taken as a name');
    if (maps.includes(map)) pairs.set(map, [...(pairs.get(map) ?? []), [key, text]]);
    else plain.push([name, text]);
  }
  const objects = [...pairs].map(([map, members]) => [map, Object.fromEntries(members)]);
  return { plain: Object.fromEntries(plain), pairs: Object.fromEntries(objects) };
}

type Readers = ReadonlyMap<string, ParameterReader>;

function valuesOf(plain: Query, readers: Readers): Values {
  const known = Object.entries(plain).filter(([name]) => readers.has(name));
  return Object.fromEntries(known.map(([name, text]) => [name, readers.get(name)?.read(text)]));
}

interface Texts {
  readonly values: Values;
  readonly plain: Query;
  readonly readers: Readers;
}

/** Throws a problem with one error for each wrong parameter. */
function parsed<Q extends z.ZodObject>(query: Q, { values, plain, readers }: Texts): z.output<Q> {
  const wrong = new Map<string, string | undefined>();
  for (const name of readers.keys()) if (name in plain && values[name] === undefined) wrong.set(name, undefined);
  const { data, error } = query.safeParse(values);
  for (const { path, message } of error?.issues ?? []) wrong.set(String(path[0]), message);
  if (wrong.size === 0 && error === undefined) return data;
  const errors = [...wrong].map(([name, message = 'has another form']) => ({
    pointer: name,
    code: 'invalid',
    message: readers.get(name)?.expected ?? message,
  }));
  throw refuseFields(errors);
}
