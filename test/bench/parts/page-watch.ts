/** What a page says about its own frames while it is under load. */

export interface PageWatch {
  /** Batches that came. */
  batches: number;
  /** The most of them between two frames. */
  mostInFrame: number;
  frames: number;
  /** The longest task, ms; tasks under 50 ms are not told by the browser. */
  longestTask: number;
}

declare global {
  interface Window {
    benchWatch: PageWatch;
  }
}

/** Runs in the page before its own scripts. */
export function watchPage(): void {
  const watch = { batches: 0, mostInFrame: 0, frames: 0, longestTask: 0 };
  window.benchWatch = watch;
  let inFrame = 0;
  const frame = (): void => {
    watch.frames += 1;
    inFrame = 0;
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      watch.longestTask = Math.max(watch.longestTask, entry.duration);
    }
  }).observe({ entryTypes: ['longtask'] });
  const Native = window.WebSocket;
  window.WebSocket = class extends Native {
    constructor(url: string | URL, protocols?: string | string[]) {
      super(url, protocols);
      this.addEventListener('message', (event: MessageEvent<string>) => {
        if (!event.data.slice(0, 80).includes('"kind":"batch"')) return;
        watch.batches += 1;
        inFrame += 1;
        watch.mostInFrame = Math.max(watch.mostInFrame, inFrame);
      });
    }
  };
}
