/**
 * How long a test waits for a state before it says that it does not come. Far more than a busy machine
 * of two cores needs: a wait that ends costs nothing. Never for what is to stay away.
 */

/** For whatever comes by itself, milliseconds. */
export const PATIENCE_MS = 60_000;

/** For whatever needs a link that must come back first: it may wait 60 s before it tries, and again. Milliseconds. */
export const LINK_PATIENCE_MS = 150_000;

/** For a whole test or hook that has several such waits, milliseconds. */
export const TEST_MS = 300_000;

/**
 * Tries that a failed test gets again, only in CI and only where real programs take part (browsers, gateways,
 * networks), whose pace on a busy machine is not ours. The run names each test that needed it.
 */
export const MORE_TRIES = process.env.CI ? 1 : 0;
