import type { Lending, Progress } from '@essaim/provider/browser';

/** The tab's lending: it goes on while one looks at other pages. */
export interface Running {
  readonly lending?: Lending;
  /** As it was last told; undefined before the first start. */
  readonly progress?: Progress;
}

let running: Running = {};
const listeners = new Set<() => void>();

export const readRunning = (): Running => running;

export function subscribeRunning(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function setRunning(changed: Running): void {
  running = { ...running, ...changed };
  for (const listener of listeners) listener();
}

/** Whether it takes work, or is about to. */
export const isOn = ({ lending, progress }: Running): boolean => lending !== undefined && progress?.state !== 'stopped';
