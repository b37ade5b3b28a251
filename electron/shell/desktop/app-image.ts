/** Whether this copy runs out of an AppImage, and which file that is. */

/**
 * The AppImage that this program runs out of, or undefined. Its runtime says both where the file is and
 * where its content is mounted, and every program that it starts inherits that: one that does not lie in
 * the mount came out of no AppImage. https://docs.appimage.org/packaging-guide/environment-variables.html
 */
export function ownAppImage(
  { APPIMAGE, APPDIR }: NodeJS.ProcessEnv,
  program: string,
): string | undefined {
  return APPIMAGE && APPDIR && program.startsWith(`${APPDIR}/`) ? APPIMAGE : undefined;
}
