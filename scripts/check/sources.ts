import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The repository's root, with a slash at its end. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** A workspace of this repository. */
export interface Package {
  /** Its folder below the root, e.g. `protocol`. */
  readonly folder: string;
  /** The name others import, e.g. `@essaim/protocol`. */
  readonly name: string;
  /** The import specifiers that its `exports` offer, e.g. `@essaim/storage/node`. */
  readonly entries: ReadonlySet<string>;
  /** Names of the packages that its `package.json` depends on. */
  readonly dependencies: ReadonlySet<string>;
}

/** The workspaces named by the root's `package.json`. */
export function packages(): Package[] {
  return readJson('package.json').workspaces.map((folder: string) => {
    const { name, exports = {}, dependencies, peerDependencies } = readJson(`${folder}/package.json`);
    return {
      folder,
      name,
      entries: new Set(Object.keys(exports).map((entry) => name + entry.slice(1))),
      dependencies: new Set(Object.keys({ ...dependencies, ...peerDependencies })),
    };
  });
}

/** Paths from the root, sorted, of the files that match; nothing installed or generated. */
export function sources(pattern: string): string[] {
  const generated = /^(artifacts|cache|coverage)\/|(^|\/)(node_modules|dist|generated)\//;
  return globSync(pattern, { cwd: ROOT })
    .filter((path) => !generated.test(path))
    .sort();
}

/** A source file's text. */
export function read(path: string): string {
  return readFileSync(ROOT + path, 'utf8');
}

function readJson(path: string) {
  return JSON.parse(read(path));
}
