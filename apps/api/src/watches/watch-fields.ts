import { type WatchChange, watchChange } from '@linkhaul/schemas';
import type { FieldForm } from '../submit/fields/fields.js';

export const WATCH_FIELDS: FieldForm<WatchChange> = { schema: watchChange, list: 'list', beside: [] };
