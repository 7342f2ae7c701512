import { useSyncExternalStore } from 'react';

const dark = matchMedia('(prefers-color-scheme: dark)');

/** Which colours are shown now, for what draws on a canvas. */
export function useShownTheme(): 'light' | 'dark' {
  return useSyncExternalStore(listen, () => {
    const { theme } = document.documentElement.dataset;
    return theme === 'dark' || (theme === undefined && dark.matches) ? 'dark' : 'light';
  });
}

function listen(changed: () => void): () => void {
  dark.addEventListener('change', changed);
  addEventListener('themechange', changed);
  return () => {
    dark.removeEventListener('change', changed);
    removeEventListener('themechange', changed);
  };
}
