/** Opens a vendor's page in the system's browser. The shell refuses what is not on its list. */
export function openOutside(url: string): void {
  window.open(url, '_blank', 'noopener,noreferrer');
}
