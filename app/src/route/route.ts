/** Where one is, as the part of the address behind `#` says: `#/models/12?tab=record`. */
export interface Route {
  /** The first part of the path; empty at the start page. */
  readonly page: string;
  /** The further parts of the path. */
  readonly path: readonly string[];
  readonly query: URLSearchParams;
}

/** Reads a hash; what cannot be decoded is left as it is. */
export function parseRoute(hash: string): Route {
  const [path, query = ''] = hash.replace(/^#?\/?/, '').split('?', 2);
  const [page = '', ...rest] = path.split('/').filter(Boolean).map(decode);
  return { page, path: rest, query: new URLSearchParams(query) };
}

/** The address of a page, for `href`: `to('models', id, { tab: 'record' })`. */
export function to(page: string, ...more: (string | bigint | number | Record<string, string>)[]): string {
  const parts = [page, ...more.filter((part) => typeof part !== 'object')].map((part) => encodeURIComponent(`${part}`));
  const query = more.find((part) => typeof part === 'object');
  const search = query ? `?${new URLSearchParams(query)}` : '';
  return `#/${parts.filter(Boolean).join('/')}${search}`;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
