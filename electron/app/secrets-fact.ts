import { type AppError, WarningId } from '../contract/index.ts';
import type { Fact, Health } from '../health/index.ts';

/**
 * Tells health of the keychain's trouble: one fact that explains every link that waits for its secret,
 * instead of a warning for each.
 */
export function tellHealthOfSecrets(health: Health): (error: AppError | null) => void {
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
