/** What two outputs must have in common for one parser to read both. Pure. */

/** Maps whose keys are data: node keys, ids of users, regions. */
const MAPS = new Set(['Peer', 'User', 'RegionLatency', 'RegionV4Latency', 'DERPLatency', 'CapMap']);
/** Told only sometimes, in the same situation. */
const SOMETIMES = new Set([
  'Capabilities',
  'PreferredDERP',
  'HomeDERP',
  'Services',
  'NetInfo',
  'Endpoints',
  'RegionV6Latency',
  'DERPLatency',
  'LastSeen',
  'KeyExpiry',
  'Expired',
  'Tags',
]);

/**
 * The values of a text that is JSON, one after the other without separators; null where it is not.
 */
export function jsonValues(text: string): unknown[] | null {
  const values: unknown[] = [];
  let rest = text.trim();
  while (rest !== '') {
    const end = endOfValue(rest);
    if (end === null) return null;
    try {
      values.push(JSON.parse(rest.slice(0, end)));
    } catch {
      return null;
    }
    rest = rest.slice(end).trim();
  }
  return values;
}

/** Where the first object or list of a text ends; null where it begins with something else. */
function endOfValue(text: string): number | null {
  if (!/^[[{]/.test(text)) return text === 'null' ? text.length : null;
  let depth = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at];
    if (quoted) {
      if (sign === '\\') at += 1;
      else if (sign === '"') quoted = false;
    } else if (sign === '"') quoted = true;
    else if (sign === '{' || sign === '[') depth += 1;
    else if (sign === '}' || sign === ']') {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
  }
  return null;
}

/** A value with its values taken out: names of fields, and kinds of what stands in them. */
export function shapeOf(value: unknown, name = ''): unknown {
  if (name === 'BackendState') return value;
  if (Array.isArray(value)) return 'list or null';
  if (value === null) return 'list or null';
  if (typeof value !== 'object') return typeof value;
  if (MAPS.has(name)) {
    const shapes = Object.values(value).map((one) => shapeOf(one));
    if (shapes.length === 0) return 'list or null';
    return { '*': shapes.every(isPlain) ? Object.assign({}, ...shapes) : shapes[0] };
  }
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !SOMETIMES.has(key))
      .map(([key, inner]) => [key, shapeOf(inner, key)]),
  );
}

const isPlain = (value: unknown): value is object => typeof value === 'object' && value !== null;
