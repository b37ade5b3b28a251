/**
 * Entry of a process: our relay, durable, without limits of rate. Arguments: its home, how many agents
 * registered long ago. Tells its `{port}`; answers any message with its memory.
 */
import { systemClock } from '../../../electron/clock/clock.ts';
import { durableStorage, startRelay } from '../../../electron/relay-server/index.ts';
import { openRelayStore } from '../../../electron/store/store.ts';
import { answerMemory } from './memory.ts';

const [home = '', silent = '0'] = process.argv.slice(2);
const NO_LIMIT = { burst: 1e9, perSecond: 1e9 } as const;
const AN_HOUR_MS = 3_600_000;

const storage = durableStorage(openRelayStore(home, Date.now()));
await Promise.all(
  Array.from({ length: Number(silent) }, (_, i) =>
    storage.registry.save({
      agentId: `silent-${i}`,
      name: `Silent ${i}`,
      capabilities: ['code', 'search', 'review'],
      machine: 'desk',
      description: 'An agent that was not heard of for an hour',
      registeredAt: Date.now() - AN_HOUR_MS,
      lastHeartbeat: Date.now() - AN_HOUR_MS,
      address: '127.0.0.1',
      secretHash: null,
    }),
  ),
);
const relay = await startRelay({
  host: '127.0.0.1',
  port: 0,
  token: 'a-token-of-the-bench',
  encryption: 'off',
  announce: false,
  certificate: null,
  storage,
  clock: systemClock(),
  limits: {
    sends: NO_LIMIT,
    requests: NO_LIMIT,
    frames: NO_LIMIT,
    registrations: NO_LIMIT,
    inboxMessages: 1e6,
  },
  log: () => undefined,
});
process.send?.({ port: relay.port });
answerMemory();
process.on('disconnect', () => process.exit());
