import { type ComponentType, lazy } from 'react';
import type { Route } from '../route/route.ts';

/** One page: where it is found and what it is called. Its component is loaded when it is first shown. */
export interface Page {
  /** First part of its address behind `#/`. */
  readonly path: string;
  /** Its name in the navigation. */
  readonly title: string;
  /** Its place in the navigation; 0 or less: none. */
  readonly order: number;
  readonly Component: ComponentType<Route>;
}

/** Describes a page whose module's default export is its component. */
export function page(
  path: string,
  title: string,
  order: number,
  load: () => Promise<{ default: ComponentType<Route> }>,
): Page {
  return { path, title, order, Component: lazy(load) };
}
