/**
 * What runs inside the page: the isolated world with the preload, and the page's own world. The two
 * share the document and no object, so values cross as clones in the detail of an event whose name
 * nobody else knows.
 *
 * https://www.electronjs.org/docs/latest/tutorial/context-isolation
 * https://www.electronjs.org/docs/latest/api/context-bridge
 */

/** The name of the world, and of the one function in it that calls out of Chromium. */
export const WORLD = 'Electron Isolated Context';
export const CALL_OUT = '__standInCallOut';
export const DELIVER = '__standInDeliver';

/** The script for the isolated world: Electron's polyfilled `require`, then the preload itself. */
export const isolatedScript = (channel: string, preload: string): string =>
  `if (window === window.top) (${isolatedWorld})(${JSON.stringify({ channel, CALL_OUT, DELIVER })},
    function (require, exports, module) { ${preload}\n });`;

/** The script for the page's world, before any script of the page. */
export const pageScript = (channel: string): string =>
  `if (window === window.top) (${pageWorld})(${JSON.stringify({ channel })});`;

type Encoded =
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'function'; readonly id: number };
interface Call {
  readonly to: 'page' | 'isolated';
  readonly id: number;
  readonly args: readonly Encoded[];
}

/** Runs in the page: stands on its own, since only its text gets there. */
function isolatedWorld(
  names: { channel: string; CALL_OUT: string; DELIVER: string },
  preload: (require: unknown, exports: object, module: object) => void,
): void {
  const functions: ((...args: unknown[]) => unknown)[] = [];
  const encode = (value: unknown): Encoded =>
    typeof value === 'function'
      ? { kind: 'function', id: functions.push(value as () => unknown) - 1 }
      : { kind: 'value', value: structuredClone(value) };
  const decode = (encoded: Encoded): unknown =>
    encoded.kind === 'value'
      ? encoded.value
      : (...args: unknown[]) => say({ to: 'page', id: encoded.id, args: args.map(encode) });
  const say = (detail: unknown): void => {
    document.dispatchEvent(new CustomEvent(names.channel, { detail }));
  };
  document.addEventListener(names.channel, (event) => {
    const call = (event as CustomEvent).detail as Call;
    if (call.to !== 'isolated') return;
    let answer: Encoded | { readonly kind: 'error'; readonly text: string };
    try {
      answer = encode(functions[call.id]?.(...call.args.map(decode)));
    } catch (error) {
      answer = { kind: 'error', text: String(error) };
    }
    say({ to: 'page', answer });
  });

  const listeners = new Map<string, Set<(event: object, ...args: unknown[]) => void>>();
  Reflect.set(globalThis, names.DELIVER, (channel: string, args: unknown[]) => {
    for (const listener of [...(listeners.get(channel) ?? [])]) listener({}, ...args);
  });
  const of = (channel: string): Set<(event: object, ...args: unknown[]) => void> => {
    const known = listeners.get(channel) ?? new Set();
    listeners.set(channel, known);
    return known;
  };
  const closed = <T extends object>(name: string, members: T): T =>
    new Proxy(members, {
      get: (target, key) => {
        if (key in target) return Reflect.get(target, key);
        throw new Error(`stand-in: ${name}.${String(key)} is not implemented`);
      },
    });
  const electron = closed('electron (in a preload)', {
    contextBridge: closed('contextBridge', {
      exposeInMainWorld: (key: string, api: Record<string, unknown>) => {
        const members = Object.entries(api).map(([name, value]) => [name, encode(value)]);
        say({ to: 'page', expose: key, members });
      },
    }),
    ipcRenderer: closed('ipcRenderer', {
      send: (channel: string, ...args: unknown[]) => {
        // Throws for what cannot be cloned, functions among it, as Electron does.
        for (const arg of structuredClone(args)) {
          if (typeof arg !== 'string') throw new Error('stand-in: only texts are sent here');
        }
        (Reflect.get(globalThis, names.CALL_OUT) as (text: string) => void)(
          JSON.stringify({ channel, args }),
        );
      },
      on: (channel: string, listener: () => void) => void of(channel).add(listener),
      off: (channel: string, listener: () => void) => void of(channel).delete(listener),
    }),
    webUtils: closed('webUtils', {
      // https://www.electronjs.org/docs/latest/api/web-utils: empty for a file that has no path. A
      // page of this Chromium never learns one, so that a file's name stands for its path.
      getPathForFile: (file: unknown): string => {
        if (!(file instanceof File)) throw new TypeError('stand-in: that is no File');
        return file.name === '' ? '' : `/picked/${file.name}`;
      },
    }),
  });
  const require = (name: string): unknown => {
    // https://www.electronjs.org/docs/latest/tutorial/sandbox#preload-scripts
    if (name === 'electron') return electron;
    throw new Error(`module not found: ${name}`);
  };
  const module = { exports: {} };
  preload(require, module.exports, module);
}

/** Runs in the page: builds what the preload exposed, and tells the page whether it is seen. */
function pageWorld(names: { channel: string }): void {
  type Answer = Encoded | { readonly kind: 'error'; readonly text: string };
  const {
    document,
    CustomEvent,
    structuredClone,
    Reflect: reflect,
  } = window as typeof globalThis.window & typeof globalThis;
  const dispatch = document.dispatchEvent.bind(document);
  const functions: ((...args: unknown[]) => unknown)[] = [];
  const encode = (value: unknown): Encoded =>
    typeof value === 'function'
      ? { kind: 'function', id: functions.push(value as () => unknown) - 1 }
      : { kind: 'value', value: structuredClone(value) };
  let answered: Answer | null = null;
  const decode = (encoded: Encoded): unknown => {
    if (encoded.kind === 'value') return encoded.value;
    return (...args: unknown[]): unknown => {
      answered = null;
      const detail = { to: 'isolated', id: encoded.id, args: args.map(encode) };
      dispatch(new CustomEvent(names.channel, { detail }));
      const answer = answered as Answer | null;
      if (answer === null) throw new Error('stand-in: the isolated world is gone');
      if (answer.kind === 'error') throw new Error(answer.text);
      return decode(answer);
    };
  };
  let visible = true;
  let focused = true;
  document.addEventListener(names.channel, (event) => {
    const said = (event as CustomEvent).detail;
    if (said.to !== 'page') return;
    if (said.answer) answered = said.answer as Answer;
    else if (said.expose) {
      const members = (said.members as [string, Encoded][]).map(([name, value]) => [
        name,
        decode(value),
      ]);
      // Exposed values are frozen, and the page cannot replace them.
      const value = Object.freeze(Object.fromEntries(members));
      reflect.defineProperty(window, said.expose as string, { value, enumerable: true });
    } else if (said.seen) {
      ({ visible, focused } = said.seen as { visible: boolean; focused: boolean });
      dispatch(new Event('visibilitychange'));
      window.dispatchEvent(new Event(focused ? 'focus' : 'blur'));
    } else functions[(said as Call).id]?.(...(said as Call).args.map(decode));
  });
  Object.defineProperty(document, 'hidden', { get: () => !visible });
  Object.defineProperty(document, 'visibilityState', {
    get: () => (visible ? 'visible' : 'hidden'),
  });
  document.hasFocus = () => focused;
}
