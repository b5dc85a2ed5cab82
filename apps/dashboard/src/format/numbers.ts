const whole = new Intl.NumberFormat('en');
const short = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });
const percent = new Intl.NumberFormat('en', { style: 'percent', maximumFractionDigits: 1 });

/** `1,234,567` */
export function count(value: number): string {
  return whole.format(value);
}

/** `1.2M`, for numbers of which only the size matters. */
export function shortCount(value: number): string {
  return short.format(value);
}

/** `12.5%`, for a share from 0 to 1. */
export function share(value: number): string {
  return percent.format(value);
}

/** `1 row`, `2 rows` */
export function counted(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/** Dollars: two decimals from one dollar on, and below that as many as the first two digits need. `$0.0241`, `$12.50`. */
export function usd(value: number): string {
  if (value === 0) return '$0';
  const decimals = Math.abs(value) >= 1 ? 2 : Math.min(9, 1 - Math.floor(Math.log10(Math.abs(value))) + 1);
  const text = value.toLocaleString('en', { minimumFractionDigits: 2, maximumFractionDigits: decimals });
  return text.startsWith('-') ? `-$${text.slice(1)}` : `$${text}`;
}

/** `+12`, `−3`, `0`: a change. Its sign tells the direction, not only its colour. */
export function signed(value: number): string {
  return value === 0 ? '0' : `${value > 0 ? '+' : '−'}${count(Math.abs(value))}`;
}
