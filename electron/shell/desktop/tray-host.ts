/** Whether this desktop shows tray icons at all. On Linux that is a program which may come and go. */
import { Message, type MessageBus, sessionBus } from '@jellybrick/dbus-next';

const LIMIT_MS = 1_000;
/** freedesktop.org, StatusNotifierItem: the name that every implementation uses. */
const WATCHER = 'org.kde.StatusNotifierWatcher';
const BUS = 'org.freedesktop.DBus';
const RULES = [
  `type='signal',sender='${BUS}',interface='${BUS}',member='NameOwnerChanged',arg0='${WATCHER}'`,
  `type='signal',interface='${WATCHER}',member='StatusNotifierHostRegistered'`,
  `type='signal',interface='${WATCHER}',member='StatusNotifierHostUnregistered'`,
];
const SIGNALS: ReadonlySet<string> = new Set([
  'NameOwnerChanged',
  'StatusNotifierHostRegistered',
  'StatusNotifierHostUnregistered',
]);

/**
 * Watches for a program that shows tray icons; where the platform always has one, nothing changes.
 */
export interface TrayHost {
  /** True while somebody shows tray icons. */
  readonly shown: boolean;
  /** Told when somebody begins or ends to show them. */
  onChange(listener: (shown: boolean) => void): void;
  stop(): void;
}

const fixed = (shown: boolean): TrayHost => ({ shown, onChange: () => {}, stop: () => {} });

/**
 * Looks for who shows tray icons, and keeps looking. On Linux it asks the session bus for the watcher of
 * icons (StatusNotifierItem) and whether that has a host. `PEERAGE_TRAY=present` or `absent` says it by
 * hand, for panels that know the older way only.
 */
export async function findTrayHost(env: NodeJS.ProcessEnv = process.env): Promise<TrayHost> {
  if (env.PEERAGE_TRAY === 'present') return fixed(true);
  if (env.PEERAGE_TRAY === 'absent') return fixed(false);
  if (process.platform !== 'linux') return fixed(true);
  const address = env.DBUS_SESSION_BUS_ADDRESS;
  let bus: MessageBus;
  try {
    bus = sessionBus(address === undefined ? {} : { busAddress: address });
  } catch {
    return fixed(false);
  }
  const host = new BusTrayHost(bus);
  return (await host.begin()) ? host : fixed(false);
}

class BusTrayHost implements TrayHost {
  readonly #bus: MessageBus;
  readonly #events: NodeJS.EventEmitter;
  #shown = false;
  #listener: (shown: boolean) => void = () => {};
  #stopped = false;

  constructor(bus: MessageBus) {
    this.#bus = bus;
    this.#events = bus as unknown as NodeJS.EventEmitter;
  }

  get shown(): boolean {
    return this.#shown;
  }

  onChange(listener: (shown: boolean) => void): void {
    this.#listener = listener;
  }

  stop(): void {
    if (this.#stopped) return;
    this.#stopped = true;
    try {
      this.#bus.disconnect();
    } catch {
      // It never was connected.
    }
  }

  /** False where there is no bus, or none that answers in time. */
  async begin(): Promise<boolean> {
    const failed = new Promise<never>((_, reject) => {
      this.#events.on('error', (error) => {
        reject(error);
        this.#tell(false);
      });
      setTimeout(() => reject(new Error('no answer')), LIMIT_MS).unref();
    });
    // Later than the first answer it says nothing any more.
    failed.catch(() => {});
    try {
      await Promise.race([this.#subscribe(), failed]);
      this.#shown = await Promise.race([this.#ask(), failed]);
      return true;
    } catch {
      this.stop();
      return false;
    }
  }

  async #subscribe(): Promise<void> {
    for (const rule of RULES) await this.#call(BUS, '/org/freedesktop/DBus', BUS, 'AddMatch', rule);
    this.#events.on('message', (message: Message) => {
      if (SIGNALS.has(message.member ?? '')) void this.#look();
    });
  }

  async #look(): Promise<void> {
    this.#tell(await this.#ask().catch(() => false));
  }

  #tell(now: boolean): void {
    if (this.#stopped || now === this.#shown) return;
    this.#shown = now;
    this.#listener(now);
  }

  /** A watcher alone is not enough: somebody must also draw what it collects. */
  async #ask(): Promise<boolean> {
    const owned = await this.#call(BUS, '/org/freedesktop/DBus', BUS, 'NameHasOwner', WATCHER);
    if (owned !== true) return false;
    const property = await this.#call(
      WATCHER,
      '/StatusNotifierWatcher',
      'org.freedesktop.DBus.Properties',
      'Get',
      WATCHER,
      'IsStatusNotifierHostRegistered',
    );
    return (property as { value?: unknown } | null)?.value === true;
  }

  async #call(
    destination: string,
    path: string,
    face: string,
    member: string,
    ...body: string[]
  ): Promise<unknown> {
    const signature = 's'.repeat(body.length);
    const message = new Message({ destination, path, interface: face, member, signature, body });
    const reply = await this.#bus.call(message);
    return reply?.body[0] ?? null;
  }
}
