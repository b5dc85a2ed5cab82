import { z } from 'zod';

type AnySchema = z.core.$ZodType;

/** What a field holds if it is set and not null. */
export function unwrapped(schema: AnySchema): AnySchema {
  return schema instanceof z.ZodOptional || schema instanceof z.ZodNullable ? unwrapped(schema.unwrap()) : schema;
}
