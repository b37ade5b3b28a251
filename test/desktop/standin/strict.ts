/** How the stand-in stays small and honest: what is not here throws, what is here fits electron.d.ts. */
import { EventEmitter } from 'node:events';

/** Results that are objects of Electron's own cannot be the real ones; everything else must fit. */
type Result<R> = R extends { on: unknown } | { toDataURL: unknown } | { popup: unknown }
  ? unknown
  : R;

/** Some members of an Electron type, with the real parameters and the real plain results. */
export type Surface<T, K extends keyof T> = {
  [P in K]: T[P] extends (...args: infer A) => infer R ? (...args: A) => Result<R> : T[P];
};

/** Looked up by the language and by test tools, on anything. */
const ASKED_OF_ALL: ReadonlySet<string> = new Set([
  'then',
  'toJSON',
  'constructor',
  'asymmetricMatch',
]);

/** Wraps an object so that a member that the stand-in does not have throws, by name. */
export function strict<T extends object>(name: string, target: T): T {
  const unknown = (key: string): Error => new Error(`stand-in: ${name}.${key} is not implemented`);
  return new Proxy(target, {
    get: (of, key) => {
      if (typeof key === 'string' && !(key in of)) {
        if (ASKED_OF_ALL.has(key)) return undefined;
        throw unknown(key);
      }
      const value: unknown = Reflect.get(of, key, of);
      return typeof value === 'function' && key !== 'constructor' ? value.bind(of) : value;
    },
    set: (_of, key) => {
      throw unknown(String(key));
    },
  });
}

type Listener = (...args: never[]) => void;

/** `on`, `once` and `off` for the named events only: another name is a slip, or new here. */
export class Events<E extends string> {
  readonly #emitter = new EventEmitter();
  readonly #names: readonly E[];

  constructor(names: readonly E[]) {
    this.#names = names;
  }

  on(event: E, listener: Listener): this {
    this.#emitter.on(this.#known(event), listener as (...args: unknown[]) => void);
    return this;
  }

  once(event: E, listener: Listener): this {
    this.#emitter.once(this.#known(event), listener as (...args: unknown[]) => void);
    return this;
  }

  off(event: E, listener: Listener): this {
    this.#emitter.off(this.#known(event), listener as (...args: unknown[]) => void);
    return this;
  }

  /** The stand-in's own side. */
  tell(event: E, ...args: unknown[]): void {
    this.#emitter.emit(event, ...args);
  }

  #known(event: E): E {
    if (!this.#names.includes(event)) throw new Error(`stand-in: no event ${event}`);
    return event;
  }
}

/** An event that can be prevented. https://www.electronjs.org/docs/latest/api/structures/event */
export function preventable(): { preventDefault(): void; readonly defaultPrevented: boolean } {
  let prevented = false;
  return {
    preventDefault: () => {
      prevented = true;
    },
    get defaultPrevented() {
      return prevented;
    },
  };
}
