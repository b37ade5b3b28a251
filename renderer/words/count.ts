const number = new Intl.NumberFormat();

/** *1,024*. */
export const count = (value: number): string => number.format(value);

/** *1 peer*, *3 peers*. */
export const counted = (value: number, one: string, many = `${one}s`): string =>
  `${number.format(value)} ${value === 1 ? one : many}`;

/** What a badge shows: at most *9+*. */
export const badge = (value: number): string => (value > 9 ? '9+' : String(value));
