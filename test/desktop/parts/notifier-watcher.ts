/**
 * A watcher of tray icons of our own (freedesktop.org, StatusNotifierItem): it takes registrations, says
 * that somebody draws icons, and reads what an icon tells. It stands in for the desktop's panel, on a bus
 * that the test made.
 */
import { Message, type MessageBus, sessionBus, Variant } from '@jellybrick/dbus-next';

const WATCHER = 'org.kde.StatusNotifierWatcher';
const ITEM = 'org.kde.StatusNotifierItem';
const PATH = '/StatusNotifierWatcher';
const PROPERTIES = 'org.freedesktop.DBus.Properties';

export interface NotifierWatcher {
  /** The bus names of the icons that were registered. */
  readonly items: readonly string[];
  /** Whether it says that somebody draws icons. */
  draw(draws: boolean): void;
  /** All properties of an icon, plain. */
  read(item: string): Promise<Readonly<Record<string, unknown>>>;
  /** As a click with the left button. */
  activate(item: string): Promise<void>;
  stop(): Promise<void>;
}

/** Takes the watcher's name on the bus. */
export async function startWatcher(busAddress: string, draws = true): Promise<NotifierWatcher> {
  const bus: MessageBus = sessionBus({ busAddress });
  const items: string[] = [];
  let drawing = draws;
  let stopped = false;
  const answer = (message: Message, signature = '', body: unknown[] = []): void => {
    bus.send(Message.newMethodReturn(message, signature, body));
  };
  const tell = (member: string): void => bus.send(Message.newSignal(PATH, WATCHER, member, '', []));
  bus.addMethodHandler((message: Message) => {
    if (message.path !== PATH) return false;
    const [first, second] = message.body as string[];
    if (message.member === 'RegisterStatusNotifierItem' && first !== undefined) {
      // Some register by their object's path; the name is then the sender's.
      items.push(first.startsWith('/') ? (message.sender ?? '') : first);
      answer(message);
      return true;
    }
    if (message.interface === PROPERTIES && second === 'IsStatusNotifierHostRegistered') {
      answer(message, 'v', [new Variant('b', drawing)]);
      return true;
    }
    return false;
  });
  await bus.requestName(WATCHER);
  const call = async (
    item: string,
    face: string,
    member: string,
    signature: string,
    body: unknown[],
  ) =>
    bus.call(
      new Message({
        destination: item,
        path: '/StatusNotifierItem',
        interface: face,
        member,
        signature,
        body,
      }),
    );
  return {
    items,
    draw: (now) => {
      drawing = now;
      tell(now ? 'StatusNotifierHostRegistered' : 'StatusNotifierHostUnregistered');
    },
    read: async (item) => {
      const reply = await call(item, PROPERTIES, 'GetAll', 's', [ITEM]);
      const all = (reply?.body[0] ?? {}) as Record<string, Variant>;
      return Object.fromEntries(Object.entries(all).map(([name, { value }]) => [name, value]));
    },
    activate: async (item) => {
      await call(item, ITEM, 'Activate', 'ii', [0, 0]);
    },
    stop: async () => {
      if (stopped) return;
      stopped = true;
      await bus.releaseName(WATCHER);
      bus.disconnect();
    },
  };
}
