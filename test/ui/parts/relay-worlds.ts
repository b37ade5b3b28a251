import type {
  LinkId,
  PeerId,
  RelayId,
  SharedFileContent,
} from '../../../electron/contract/index.ts';
import { listed, quietRelay, shelfOf } from '../mock/relay-handlers.ts';
import { NOW } from '../mock/seeds.ts';
import type { World } from '../mock/world.ts';

export const RELAY = '01900000-0000-7000-8000-00000000f000' as RelayId;
/** The fingerprint that Bea announces. */
export const KEY = 'ab'.repeat(32);

/** Puts the world on a relay with three others: a peer, one that is silent, one that is no peer. */
export const team = (world: World): World => {
  world.relays = {
    fingerprint: 'cd'.repeat(32),
    relays: [
      quietRelay(RELAY, {
        agentsTotal: 3,
        agents: [
          listed('Bea', {
            peerId: [...world.peers.values()][0]?.id as PeerId,
            linkId: '01900000-0000-7000-8000-00000000e001' as LinkId,
            fingerprint: KEY,
          }),
          listed('Silent one', {
            online: false,
            lastSeenAt: null,
            peerId: [...world.peers.values()][1]?.id as PeerId,
          }),
          listed('Cleo'),
        ],
      }),
    ],
  };
  return world;
};

/** Somebody else saves these files there, one after the other. */
export const shared = (world: World, ...files: Partial<SharedFileContent>[]): World => {
  for (const file of files) {
    const whole: SharedFileContent = {
      key: 'notes.md',
      type: 'markdown',
      version: 1,
      editor: 'bea-0a1b2c3d',
      editorName: 'Bea',
      updatedAt: NOW - 7_200_000,
      content: '# Notes\n\nFirst line.\n',
      ...file,
    };
    const { files: shelf } = shelfOf(world);
    shelf.set(whole.key, [...(shelf.get(whole.key) ?? []), whole]);
  }
  return world;
};
