import { ok } from '../../../electron/contract/index.ts';
import type { MockHandlers } from './session.ts';
import type { World } from './world.ts';

/** Calls about the app itself, on a world. */
export function appHandlers(world: World): MockHandlers {
  const secrets = (status: 'available' | 'session_only' | 'locked') => {
    world.changeApp({ secrets: { status, error: null } });
    return ok(world.app.secrets);
  };
  return {
    'window.visibility': () => ok({}),
    'window.networkChanged': () => ok({}),
    'window.focus': () => ok({}),
    'settings.update': ({ changes }) => {
      const given = Object.entries(changes).filter(([, value]) => value !== undefined);
      world.changeSettings(Object.fromEntries(given));
      return ok({ settings: world.settings });
    },
    'secrets.recheck': () => ok(world.app.secrets),
    'secrets.unlock': () => secrets('available'),
    'secrets.useSession': () => secrets('session_only'),
    'warning.dismiss': ({ warningId }) => {
      world.dropWarning(warningId);
      return ok({});
    },
    'notice.list': () => ok({ notices: [...world.notices.values()] }),
    'notice.read': ({ noticeId }) => {
      for (const notice of world.notices.values()) {
        if (noticeId === null || notice.id === noticeId) world.putNotice({ ...notice, read: true });
      }
      return ok({});
    },
    'notice.act': ({ noticeId, actionId }) => {
      const notice = world.notices.get(noticeId);
      const action = notice?.actions.find((one) => one.id === actionId);
      if (!notice || !action) return ok({ outcome: 'done_before' });
      world.putNotice({ ...notice, read: true, actions: [], acted: action.label });
      return ok({ outcome: 'done' });
    },
    'app.about': () => ok({ text: 'Peerage 0.1.0' }),
    'app.show': () => ok({ url: null }),
  };
}
