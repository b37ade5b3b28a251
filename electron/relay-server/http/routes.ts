/** Which path and method is asked of what. */
import { Refusal } from '../protocol.ts';

/**
 * What can be asked of the relay; `ack` and `fileVersions` only by clients of the second version.
 */
export type RouteName =
  | 'info'
  | 'register'
  | 'discover'
  | 'heartbeat'
  | 'delegate'
  | 'broadcast'
  | 'respond'
  | 'poll'
  | 'ack'
  | 'putFile'
  | 'listFiles'
  | 'getFile'
  | 'fileVersions'
  | 'socket';

/** Where a request's path and method lead. */
export interface Route {
  readonly name: RouteName;
  /** The part of the path that names an agent or a file, decoded; '' where there is none. */
  readonly subject: string;
}

type Methods = Readonly<Partial<Record<'GET' | 'POST', RouteName>>>;

const FIXED = new Map<string, Methods>([
  ['/', { GET: 'info' }],
  ['/register', { POST: 'register' }],
  ['/discover', { GET: 'discover' }],
  ['/heartbeat', { POST: 'heartbeat' }],
  ['/delegate', { POST: 'delegate' }],
  ['/broadcast', { POST: 'broadcast' }],
  ['/respond', { POST: 'respond' }],
  ['/files', { GET: 'listFiles', POST: 'putFile' }],
]);
const NAMED = new Map<string, Methods>([
  ['poll', { GET: 'poll' }],
  ['files', { GET: 'getFile' }],
  ['ws', { GET: 'socket' }],
]);
/** Only for clients of the second version: for others these paths are not there. */
const ADDED_FIXED = new Map<string, Methods>([['/ack', { POST: 'ack' }]]);

const notFound = (): Refusal =>
  new Refusal(404, 'relay.not_found', '404: Not Found', { plain: true });

/**
 * Finds the route.
 * @param path as it was sent, without the query.
 * @throws Refusal 404; 405 with the methods that there are.
 */
export function routeOf(method: string, path: string, modern: boolean): Route {
  const fixed = FIXED.get(path) ?? (modern ? ADDED_FIXED.get(path) : undefined);
  if (fixed) return { name: byMethod(fixed, method), subject: '' };
  const [, room = '', raw = '', last, ...more] = path.split('/');
  const named = NAMED.get(room);
  if (!named || raw === '' || more.length > 0) throw notFound();
  if (last === undefined) return { name: byMethod(named, method), subject: decoded(raw) };
  if (!modern || room !== 'files' || last !== 'versions') throw notFound();
  return { name: byMethod({ GET: 'fileVersions' }, method), subject: decoded(raw) };
}

function byMethod(methods: Methods, method: string): RouteName {
  const name = methods[method === 'HEAD' ? 'GET' : (method as 'GET' | 'POST')];
  if (name) return name;
  const allowed = Object.keys(methods).flatMap((known) =>
    known === 'GET' ? ['GET', 'HEAD'] : [known],
  );
  throw new Refusal(405, 'relay.wrong_method', '405: Method Not Allowed', {
    plain: true,
    headers: { Allow: allowed.sort().join(',') },
  });
}

function decoded(raw: string): string {
  try {
    return decodeURIComponent(raw);
  } catch {
    throw notFound();
  }
}

/** A request's path and what stands behind its question mark. */
export function partsOf(url = '/'): { path: string; query: string | null } {
  const mark = url.indexOf('?');
  return mark < 0
    ? { path: url, query: null }
    : { path: url.slice(0, mark), query: url.slice(mark + 1) };
}
