import { useMemo, useSyncExternalStore } from 'react';
import { parseRoute, type Route } from './route.ts';

/** Where one is; follows links and the browser's back and forward. */
export function useRoute(): Route {
  const hash = useSyncExternalStore(listen, () => location.hash);
  return useMemo(() => parseRoute(hash), [hash]);
}

/** Goes to an address made by `to`. */
export function go(href: string): void {
  location.hash = href;
}

let moved = false;

/** Whether one came here by a link within the page, so that its heading has to say where one is now. */
export const hasMoved = (): boolean => moved;

function listen(changed: () => void): () => void {
  const onChange = () => {
    moved = true;
    changed();
  };
  addEventListener('hashchange', onChange);
  return () => removeEventListener('hashchange', onChange);
}
