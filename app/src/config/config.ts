import { EssaimError } from '@essaim/sdk';

/** What the page is shown against: `config.json` beside index.html, with what one set here above it. */
export interface Config {
  /** JSON-RPC of the chain. */
  readonly rpc: string;
  /** GraphQL of the indexer; none: everything is read from the chain. */
  readonly indexer?: string;
  /** IPFS node. */
  readonly storage: string;
  /** A deployment's content, or where it lies. */
  readonly deployment: unknown;
  /** The sponsor that is proposed to who lends a tab. */
  readonly sponsor?: string;
  /** How a wallet is told of the chain. */
  readonly chain?: { readonly name?: string; readonly coin?: string; readonly explorer?: string };
}

/** What one can set for oneself. */
export const SETTINGS = ['rpc', 'indexer', 'storage'] as const;
export type Setting = (typeof SETTINGS)[number];
export type Settings = Partial<Record<Setting, string>>;

const KEY = 'essaim.settings';

export function readSettings(): Settings {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(KEY) ?? '{}');
    const entries = Object.entries(stored as object).filter(
      ([key, value]) => SETTINGS.includes(key as Setting) && typeof value === 'string',
    );
    return Object.fromEntries(entries);
  } catch {
    return {};
  }
}

export function writeSettings(settings: Settings): void {
  localStorage.setItem(KEY, JSON.stringify(settings));
}

/** The configuration as it came with the page, and its deployment. CONFIG_INVALID. */
export async function loadConfig(): Promise<Config> {
  const config = (await fetchJson('./config.json')) as Config;
  for (const key of ['rpc', 'storage', 'deployment'] as const) {
    if (!config?.[key]) throw invalid(`config.json says no ${key}`);
  }
  const { deployment } = config;
  return { ...config, deployment: typeof deployment === 'string' ? await fetchJson(deployment) : deployment };
}

async function fetchJson(url: string): Promise<unknown> {
  try {
    const response = await fetch(url, { cache: 'no-cache' });
    if (!response.ok) throw new Error(`${response.status} ${response.statusText}`);
    return await response.json();
  } catch (cause) {
    throw invalid(`${url} cannot be read: ${cause instanceof Error ? cause.message : cause}`, cause);
  }
}

const invalid = (message: string, cause?: unknown) =>
  new EssaimError('CONFIG_INVALID', message, {
    help: 'whoever serves this page has to put config.json and the deployment beside index.html (docs/app.md)',
    cause,
  });
