/** Notices as notifications of the system: a click lands on the thing, once; read elsewhere, it goes. */
import { Notification } from 'electron';
import type { AppPort, ChangeKey, NoticeView } from '../../contract/index.ts';

/** More than this are not kept up at once; the list in the window has them all. */
const MAX_UP = 20;

export class Toasts {
  readonly #port: Pick<AppPort, 'read'>;
  readonly #onClick: (notice: NoticeView) => void;
  readonly #up = new Map<string, Notification>();

  constructor(port: Pick<AppPort, 'read'>, onClick: (notice: NoticeView) => void) {
    this.#port = port;
    this.#onClick = onClick;
  }

  /** Shows a notice; one about the same that is still up makes room. */
  present(notice: NoticeView): void {
    if (!Notification.isSupported()) return;
    this.#close(notice.id);
    const [oldest] = this.#up.keys();
    if (this.#up.size >= MAX_UP && oldest !== undefined) this.#close(oldest);
    const shown = new Notification({ title: notice.title, body: notice.text });
    this.#up.set(notice.id, shown);
    shown.on('click', () => {
      // Some systems tell a click twice; it acts once.
      if (this.#up.get(notice.id) !== shown) return;
      this.#close(notice.id);
      this.#onClick(notice);
    });
    shown.on('close', () => {
      if (this.#up.get(notice.id) === shown) this.#up.delete(notice.id);
    });
    shown.show();
  }

  /** Hears what changed: a notice that was read or is gone is taken down. */
  changed(key: ChangeKey): void {
    if (key.type !== 'notice' || !this.#up.has(key.id)) return;
    const change = this.#port.read(key);
    if (change.type === 'notice' && (change.value === null || change.value.read)) {
      this.#close(key.id);
    }
  }

  /** Something of the shell itself, without a place to land on. */
  say(title: string, body: string): void {
    if (Notification.isSupported()) new Notification({ title, body }).show();
  }

  closeAll(): void {
    for (const id of [...this.#up.keys()]) this.#close(id);
  }

  #close(id: string): void {
    const shown = this.#up.get(id);
    this.#up.delete(id);
    shown?.close();
  }
}
