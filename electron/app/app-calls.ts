/** Calls that the app answers itself: its settings, its secrets, its pages, its practice peer. */
import {
  appError,
  type CallHandlers,
  fail,
  ok,
  type PeerId,
  type Result,
  type SecretsView,
} from '../contract/index.ts';
import type { Conversations } from '../conversations/index.ts';
import type { Health } from '../health/index.ts';
import type { PeerBook } from '../peers/index.ts';
import { SecretsError } from '../secrets/index.ts';
import type { PracticeKeeper } from './practice-keeper.ts';
import { fromSecretsError, type SecretsControl } from './secrets-control.ts';
import type { SettingsService } from './settings.ts';

/** The calls that no service owns; those of the window are replaced by a shell that has one. */
export type AppCallHandlers = Pick<
  CallHandlers,
  | 'window.visibility'
  | 'window.focus'
  | 'window.networkChanged'
  | 'settings.update'
  | 'secrets.recheck'
  | 'secrets.unlock'
  | 'secrets.useSession'
  | 'app.about'
  | 'app.show'
  | 'peer.open'
  | 'peer.close'
  | 'practice.start'
  | 'practice.behave'
>;

/** The services that these calls ask, and `about`: the text of `app.about`. */
export interface AppCallOptions {
  readonly peers: PeerBook;
  readonly conversations: Conversations;
  readonly health: Health;
  readonly settings: SettingsService;
  readonly secrets: SecretsControl;
  readonly practice: PracticeKeeper;
  readonly networkChanged: () => void;
  readonly about: () => string;
}

const nothing = (): Result<Record<string, never>> => ok({});

/** Builds the handlers. Visibility, focus and showing are the shell's; here they mean nothing. */
export function appCallHandlers(options: AppCallOptions): AppCallHandlers {
  const { peers, conversations, health, settings, secrets, practice } = options;
  const keep = async (work: Promise<SecretsView>): Promise<Result<SecretsView>> => {
    const view = await work;
    if (view.error === null) await peers.sweepSecrets();
    return ok(view);
  };
  const openPeer = (peerId: PeerId) => {
    const detail = peers.detail(peerId);
    return detail
      ? ok({
          detail,
          threads: conversations.threadsOf(peerId),
          ladders: health.laddersOf(peerId),
        })
      : fail(appError('peer.not_found', 'No peer has this id, or it was removed.'));
  };
  return {
    'window.visibility': nothing,
    'window.focus': nothing,
    'window.networkChanged': () => {
      options.networkChanged();
      return ok({});
    },
    'settings.update': async ({ changes }) => {
      const before = settings.current().retentionDays;
      const next = await settings.update(definedOnly(changes));
      if (next.retentionDays !== before) await conversations.applyRetention();
      return ok({ settings: next });
    },
    'secrets.recheck': () => keep(secrets.recheck()),
    'secrets.unlock': (_, { signal }) => keep(secrets.unlock(signal)),
    'secrets.useSession': () => keep(secrets.useSession()),
    'app.about': () => ok({ text: options.about() }),
    'app.show': () => ok({ url: null }),
    'peer.open': ({ peerId }) => openPeer(peerId),
    'peer.close': nothing,
    'practice.start': async () => {
      try {
        return ok({ peerId: await practice.start() });
      } catch (error) {
        if (error instanceof SecretsError) return fail(fromSecretsError(error));
        throw error;
      }
    },
    'practice.behave': async ({ behaviour }) => {
      await practice.behave(behaviour);
      return ok({});
    },
  };
}

/** `exactOptionalPropertyTypes`: a member that is absent is not one that is undefined. */
function definedOnly<T extends object>(value: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
