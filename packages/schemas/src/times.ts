/** RFC 3339, also as the upstream writes it: with spaces between date, time and offset. */
const TIME = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d(?:\.\d{1,3})?) ?(Z|[+-]\d\d:\d\d)$/;

/** A time as RFC 3339 in UTC. Null if the text is not a time, or has no offset. */
export function rfc3339(text: string): string | null {
  const [, date, time, offset] = TIME.exec(text) ?? [];
  if (date === undefined) return null;
  const at = new Date(`${date}T${time}${offset}`);
  return isDay(date) && !Number.isNaN(at.getTime()) ? at.toISOString() : null;
}

/** `Date` reads the 30th of February as the first of March. */
function isDay(date: string): boolean {
  const day = new Date(`${date}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(date);
}
