import { lazy } from 'react';
import type { Page } from './page.ts';

/** Every `pages/<page>/page.ts`. */
const found = import.meta.glob<Page>('./*/page.ts', { eager: true, import: 'default' });

/** All pages in the order of the navigation. */
export const pages: readonly Page[] = Object.values(found).sort((a, b) => a.order - b.order);

const nowhere: Pick<Page, 'Component'> = { Component: lazy(() => import('./not-found.tsx')) };

/** The page at an address, or the one that says that there is none. */
export const pageFor = (path: string): Pick<Page, 'Component'> =>
  pages.find((candidate) => candidate.path === path) ?? nowhere;
