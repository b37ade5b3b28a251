/** Notices as notifications of the system: what is done to one is done once; read elsewhere, it goes. */
import {
  Notification,
  type NotificationActionEventParams,
  type NotificationCloseEventParams,
  type NotificationReplyEventParams,
} from 'electron';
import type {
  AppError,
  AppPort,
  CallerContext,
  ChangeKey,
  NoticeAction,
  NoticeView,
} from '../../contract/index.ts';
import { PLATFORM } from './platform.ts';
import { capabilitiesOf, presentNotice, presentWords } from './presenters.ts';

/** More than this are not kept up at once; the list in the window has them all. */
const MAX_UP = 20;
const CAN = capabilitiesOf(PLATFORM);

/** What the notifications lead to. */
export interface ToastWays {
  /** The window, where the notice is about. `writing`: to answer it. */
  readonly open: (notice: NoticeView, writing: boolean) => void;
  /** The window, with what could not be done. */
  readonly tell: (notice: NoticeView, error: AppError) => void;
}

type ToastPort = Pick<AppPort, 'read' | 'handlers' | 'log'>;

/** The notifications that are up now, by notice. */
export class Toasts {
  readonly #port: ToastPort;
  readonly #ways: ToastWays;
  readonly #up = new Map<string, Notification>();
  /** Held, since macOS takes a notification away with the object that stands for it. */
  #said: Notification | null = null;

  constructor(port: ToastPort, ways: ToastWays) {
    this.#port = port;
    this.#ways = ways;
  }

  /** Shows a notice; one about the same that is still up makes room. */
  present(notice: NoticeView): void {
    if (!Notification.isSupported()) return;
    this.#close(notice.id);
    const [oldest] = this.#up.keys();
    if (this.#up.size >= MAX_UP && oldest !== undefined) this.#close(oldest);
    const { options, buttons, reply } = presentNotice(notice, CAN);
    const shown = new Notification(options);
    this.#up.set(notice.id, shown);
    // Some systems tell a click twice, or a click beside a button; the first one counts.
    const once = (act: () => void) => (): void => {
      if (this.#up.get(notice.id) !== shown) return;
      this.#close(notice.id);
      act();
    };
    shown.on(
      'click',
      once(() => this.#ways.open(notice, false)),
    );
    shown.on('action', ({ actionIndex }: NotificationActionEventParams) => {
      const action = buttons[actionIndex];
      if (action) once(() => this.#press(notice, action))();
    });
    if (reply) {
      shown.on('reply', ({ reply: text }: NotificationReplyEventParams) =>
        once(() => void this.#act(notice, reply, text))(),
      );
    }
    shown.on('close', ({ reason }: NotificationCloseEventParams) => {
      // On Windows it goes on in the notification centre; there it can be clicked, and must go later.
      if (reason === 'timedOut' || reason === 'applicationHidden') return;
      if (this.#up.get(notice.id) === shown) this.#up.delete(notice.id);
    });
    // Told on macOS and Windows; the list in the window has it anyhow.
    shown.on('failed', (_event: unknown, why: string) =>
      this.#port.log(`a notification was not shown: ${why}`),
    );
    shown.show();
  }

  /** Hears what changed: a notice that was read, handled or is gone is taken down. */
  changed(key: ChangeKey): void {
    if (key.type !== 'notice' || !this.#up.has(key.id)) return;
    const change = this.#port.read(key);
    if (change.type === 'notice' && (change.value === null || change.value.read)) {
      this.#close(key.id);
    }
  }

  /** Something of the shell itself, without a place to land on. */
  say(title: string, body: string): void {
    if (!Notification.isSupported()) return;
    this.#said?.close();
    this.#said = new Notification(presentWords(title, body, CAN));
    this.#said.show();
  }

  closeAll(): void {
    for (const id of [...this.#up.keys()]) this.#close(id);
    this.#said?.close();
    this.#said = null;
  }

  #press(notice: NoticeView, action: NoticeAction): void {
    if (action.kind === 'reply') this.#ways.open(notice, true);
    else void this.#act(notice, action, null);
  }

  /** The person did it outside of the window, and is the same person. The app sees to *once*. */
  async #act(notice: NoticeView, action: NoticeAction, text: string | null): Promise<void> {
    const context: CallerContext = {
      door: 'window',
      connectionId: 'notification',
      signal: new AbortController().signal,
    };
    const input = { noticeId: notice.id, actionId: action.id, text };
    try {
      const result = await this.#port.handlers['notice.act'](input, context);
      if (!result.ok) this.#ways.tell(notice, result.error);
    } catch (error) {
      this.#port.log(`a notification’s ${action.id} failed: ${String(error)}`);
      this.#ways.open(notice, false);
    }
  }

  #close(id: string): void {
    const shown = this.#up.get(id);
    this.#up.delete(id);
    shown?.close();
  }
}
