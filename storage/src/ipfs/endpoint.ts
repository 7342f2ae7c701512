/** Where a Kubo RPC server answers, and what every request to it carries. */
export interface Endpoint {
  /** Ends in /api/v0, without a slash. */
  url: string;
  headers: Record<string, string>;
}

/** Reads `http://host:port`, with or without the path of the API. */
export function endpointOf(url: string, headers: Record<string, string> = {}): Endpoint {
  const parsed = new URL(url);
  const path = parsed.pathname.replace(/\/+$/, '');
  return { url: `${parsed.origin}${path === '' ? '/api/v0' : path}`, headers };
}
