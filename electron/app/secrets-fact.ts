/** What the keychain's coming and going means for the rest of the app. */
import { type AppError, type ChangeSink, WarningId } from '../contract/index.ts';
import type { Fact, Health } from '../health/index.ts';
import type { Device } from './device.ts';
import type { Rooms } from './rooms.ts';

/** Whoever waits for a secret goes on once secrets can be read, and the person is told while they cannot. */
export function followSecrets(rooms: Rooms, device: Device, changed: ChangeSink): void {
  const { peers, log } = rooms;
  const tell = tellHealthOfSecrets(rooms.health);
  rooms.secrets.onChange((view) => {
    device.reset();
    tell(view.error);
    if (view.error === null) {
      rooms.registry.secretsReady();
      rooms.relays.secretsReady();
      peers.sweepSecrets().catch((error: unknown) => log(String(error)));
    }
    changed({ type: 'app' });
  });
}

/**
 * Tells health of the keychain's trouble: one fact that explains every link that waits for its secret,
 * instead of a warning for each.
 */
function tellHealthOfSecrets(health: Health): (error: AppError | null) => void {
  let told: WarningId | null = null;
  return (error) => {
    const id = error === null ? null : WarningId.parse(error.code);
    if (told !== null && told !== id) health.clearFact(told);
    told = id;
    if (error === null || id === null) return;
    const fact: Fact = {
      id,
      code: error.code,
      severity: 'problem',
      title: error.title,
      detail: error.detail,
      remedy: error.remedy ?? null,
      peerId: null,
      dependsOn: [],
      timeToVisibleMs: 0,
      impactsConnectivity: true,
      needsYou: true,
    };
    health.setFact(fact);
  };
}
