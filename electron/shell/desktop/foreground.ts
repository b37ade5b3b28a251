/** On Windows only the program that the person just used may bring a window to the front. */
import { app } from 'electron';
import { PLATFORM } from './platform.ts';

/**
 * Hands that right from a second start to the first one, which is then asked over the control socket to
 * come forward; without it, its button in the task bar would only blink. Electron's single-instance lock
 * does it on its way (`AllowSetForegroundWindow` in Chromium's process_singleton_win.cc) and is taken for
 * nothing else: who is first on a home is decided by its socket.
 * https://www.electronjs.org/docs/latest/api/app#apprequestsingleinstancelockadditionaldata
 */
export function letFirstComeForward(): void {
  if (PLATFORM === 'win32') app.requestSingleInstanceLock();
}
