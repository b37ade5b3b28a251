import type {
  AppError,
  CallInput,
  CallName,
  CallOutput,
  RemedyAction,
  Result,
} from '../../electron/contract/index.ts';
import { isCallName, parsePlace } from '../../electron/contract/index.ts';
import type { Connection } from '../connection/connection.ts';
import { Drafts } from './drafts.ts';
import { feedMirror } from './feed.ts';
import { createMirror, type MirrorStore } from './mirror.ts';
import { Navigation } from './navigation.ts';
import { Toasts } from './toasts.ts';
import { createUi, type UiStore } from './ui-state.ts';
import { Uploads } from './uploads.ts';

/** Everything that the views share: the mirror, what is looked at, and how to ask the app. */
export class Client {
  readonly connection: Connection;
  readonly mirror: MirrorStore = createMirror();
  readonly ui: UiStore = createUi();
  readonly toasts = new Toasts();
  readonly navigation: Navigation;
  readonly drafts: Drafts;
  readonly uploads: Uploads;

  constructor(connection: Connection) {
    this.connection = connection;
    this.drafts = new Drafts(connection.call, this.mirror);
    this.uploads = new Uploads(connection.call);
    this.navigation = new Navigation(connection.call, this.mirror, this.ui, (error) =>
      this.toasts.fail(error),
    );
    feedMirror(connection, this.mirror, {
      resumed: () => void this.navigation.reopen(),
      stale: (threadId) => void this.navigation.reread(threadId),
    });
    connection.onEvent((event) => {
      switch (event.type) {
        case 'go':
          return this.go(event.to);
        case 'toast':
          return this.toasts.say(event.text);
        case 'stopping':
          return this.toasts.say('Peerage is stopping');
      }
    });
  }

  /** Asks the app. */
  call<N extends CallName>(name: N, input: CallInput<N>): Promise<Result<CallOutput<N>>> {
    return this.connection.call(name, input);
  }

  /** Asks the app, says at the bottom of the window if it failed, and gives the value or null. */
  async act<N extends CallName>(name: N, input: CallInput<N>): Promise<CallOutput<N> | null> {
    const result = await this.call(name, input);
    if (result.ok) return result.value;
    this.toasts.fail(result.error);
    return null;
  }

  /** Goes to a place that the app named; an unknown one goes nowhere. */
  go(to: string): void {
    const place = parsePlace(to);
    if (place) void this.navigation.goTo(place);
  }

  /** Does what the button beside an error offers. */
  async remedy(action: RemedyAction): Promise<AppError | null> {
    switch (action.kind) {
      case 'go':
        this.go(action.to);
        return null;
      case 'copy':
        await this.copy(action.text);
        return null;
      case 'link':
        this.ui.setState({ dialog: { kind: 'open_link', url: action.url } });
        return null;
      case 'call': {
        if (!isCallName(action.name)) return null;
        // The app wrote name and input together; its own door checks them again.
        const result = await this.call(action.name, action.input as CallInput<typeof action.name>);
        if (!result.ok) this.toasts.fail(result.error);
        return result.ok ? null : result.error;
      }
    }
  }

  /** Puts text on the clipboard, and says so. */
  async copy(text: string): Promise<void> {
    try {
      await navigator.clipboard.writeText(text);
      this.toasts.say('Copied');
    } catch {
      this.toasts.say('The clipboard refused. Select the text and copy it by hand.');
    }
  }
}
