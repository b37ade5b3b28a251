/**
 * Where dialogs, menus and hints go: one place after the window, named for screen readers. A test
 * without that place uses the body.
 */
export const layers = (): HTMLElement => document.getElementById('layers') ?? document.body;
