import type { EndpointName } from '@linkhaul/schemas';
import { columnsOf, firstShown, type ResultColumn } from './result-columns.js';

/** The columns of an endpoint's results that this browser shows, in the order in which they were chosen. */
export function chosenColumns(endpoint: EndpointName): readonly ResultColumn[] {
  const names = keptNames(endpoint) ?? firstShown(endpoint);
  const all = columnsOf(endpoint);
  return names.flatMap((wanted) => all.find(({ name }) => name === wanted) ?? []);
}

export function keepColumns(endpoint: EndpointName, names: readonly string[]): void {
  localStorage.setItem(placeOf(endpoint), JSON.stringify(names));
}

function keptNames(endpoint: EndpointName): readonly unknown[] | null {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(placeOf(endpoint)) ?? 'null');
    return Array.isArray(kept) ? kept : null;
  } catch {
    return null;
  }
}

function placeOf(endpoint: EndpointName): string {
  return `linkhaul.columns.${endpoint}`;
}
