/**
 * `protocol` and `session.defaultSession`: what was registered, asked for each request of a page.
 * https://www.electronjs.org/docs/latest/api/protocol
 * https://www.electronjs.org/docs/latest/api/web-request
 */
import type * as Electron from 'electron';
import { Events, strict } from './strict.ts';

type Handle = Parameters<Electron.Protocol['handle']>[1];
type BeforeRequest = (
  details: { url: string },
  callback: (response: Electron.CallbackResponse) => void,
) => void;
type AskPermission = NonNullable<Parameters<Electron.Session['setPermissionRequestHandler']>[0]>;
type CheckPermission = NonNullable<Parameters<Electron.Session['setPermissionCheckHandler']>[0]>;

const handlers = new Map<string, Handle>();
let before: BeforeRequest | null = null;
let askPermission: AskPermission | null = null;
let checkPermission: CheckPermission | null = null;
let devicePermission: (() => boolean) | null = null;

/** The stand-in's side: what the pages and the tests ask of the session. */
export const sessionRules = {
  schemes: new Set<string>(),
  privileges: new Map<string, Electron.Privileges>(),
  /** Only after ready may no scheme be registered any more. */
  ready: false,
  mayRequest: (url: string): Promise<boolean> =>
    new Promise((resolve) => {
      if (before) before({ url }, ({ cancel }) => resolve(cancel !== true));
      else resolve(true);
    }),
  answer: async (url: string, method: string): Promise<Response | null> => {
    const handle = handlers.get(URL.parse(url)?.protocol.slice(0, -1) ?? '');
    return handle ? await handle(new Request(url, { method })) : null;
  },
  /** What the two permission handlers say for a page. The default, without a handler, is *yes*. */
  permission: (permission: string, url: string): { request: boolean; check: boolean } => {
    let request = askPermission === null;
    const contents = { getURL: () => url } as Electron.WebContents;
    type Permission = Parameters<AskPermission>[1];
    const details = {} as Parameters<AskPermission>[3];
    askPermission?.(
      contents,
      permission as Permission,
      (given) => {
        request = given;
      },
      details,
    );
    const check =
      checkPermission?.(
        null,
        permission as Parameters<CheckPermission>[1],
        url,
        {} as Parameters<CheckPermission>[3],
      ) ?? true;
    return { request, check };
  },
  deviceRefused: (): boolean => devicePermission?.() === false,
};

export const protocol = strict('protocol', {
  registerSchemesAsPrivileged: (schemes: Electron.CustomScheme[]): void => {
    if (sessionRules.ready) throw new Error('stand-in: schemes are registered before ready');
    for (const { scheme, privileges } of schemes) {
      sessionRules.schemes.add(scheme);
      sessionRules.privileges.set(scheme, privileges ?? {});
    }
  },
}) satisfies Pick<Electron.Protocol, 'registerSchemesAsPrivileged'>;

const webRequest = {
  onBeforeRequest: (listener: BeforeRequest): void => {
    before = listener;
  },
};

/** `will-download` never comes: a request that would be one is not answered. */
const events = new Events<'will-download'>(['will-download']);

const hooks = {
  setPermissionRequestHandler: (handler: AskPermission | null): void => {
    askPermission = handler;
  },
  setPermissionCheckHandler: (handler: CheckPermission | null): void => {
    checkPermission = handler;
  },
  setDevicePermissionHandler: (handler: unknown): void => {
    devicePermission = handler as (() => boolean) | null;
  },
} satisfies Pick<
  Electron.Session,
  'setPermissionRequestHandler' | 'setPermissionCheckHandler' | 'setDevicePermissionHandler'
>;

const ownProtocol = {
  handle: (scheme: string, handle: Handle): void => {
    if (!sessionRules.ready) throw new Error('stand-in: handle is for after ready');
    handlers.set(scheme, handle);
  },
} satisfies Pick<Electron.Protocol, 'handle'>;

export const defaultSession = strict('session.defaultSession', {
  ...hooks,
  protocol: strict('session.protocol', ownProtocol),
  webRequest: strict('webRequest', webRequest),
  on: events.on.bind(events),
});

export const session = strict('session', { defaultSession });
