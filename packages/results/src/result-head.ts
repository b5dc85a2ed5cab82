import { type JsonObject, jsonOf, objectsOf, readEnvelope } from '@linkhaul/schemas';
import type { Answer } from '@linkhaul/storage';
import { itemsBody } from './elements.js';

/** The fields of the first result besides its items. Null if there is no result. For copies, the fields as they were bought. */
export async function resultHead(answer: Answer): Promise<JsonObject | null> {
  const { header } = answer;
  const bytes = await itemsBody(answer);
  if (bytes.length === 0) return header.copied?.head ?? null;
  const task = readEnvelope(jsonOf(bytes.toString('utf8')))?.tasks[header.task ?? 0];
  const [first] = objectsOf(task?.json.result);
  if (first === undefined) return null;
  const { items: _, ...head } = first;
  return head;
}
