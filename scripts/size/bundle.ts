import { gzipSync } from 'node:zlib';
import { build, type Rollup } from 'vite';

/** One file of a bundle. */
export interface Chunk {
  file: string;
  /** Bytes after gzip. */
  bytes: number;
  /** Whether it is loaded at once; others come with the `import()` that first asks for them. */
  atOnce: boolean;
  /** The source files in it, by path. */
  modules: string[];
}

const ENTRY = 'virtual:entry';

/** Bundles a module for a browser as Vite does for production, minified. `root` is where its imports are looked for. */
export async function bundle(source: string, root: string): Promise<Chunk[]> {
  const result = await build({
    root,
    configFile: false,
    logLevel: 'silent',
    build: { write: false, target: 'es2022', rollupOptions: { input: ENTRY, preserveEntrySignatures: 'strict' } },
    plugins: [
      {
        name: 'entry',
        resolveId: (id) => (id === ENTRY ? `${root}/entry.js` : undefined),
        load: (id) => (id === `${root}/entry.js` ? source : undefined),
      },
    ],
  });
  const { output } = [result].flat()[0] as Rollup.RollupOutput;
  const chunks = output.filter((it) => it.type === 'chunk');
  const loaded = loadedAtOnce(chunks);
  return chunks
    .map(({ fileName, code, modules }) => ({
      file: fileName,
      bytes: gzipSync(code, { level: 9 }).length,
      atOnce: loaded.has(fileName),
      modules: Object.keys(modules),
    }))
    .sort((a, b) => b.bytes - a.bytes);
}

/** Bytes after gzip of all that is loaded at once. */
export const sizeAtOnce = (chunks: readonly Chunk[]): number =>
  chunks.filter(({ atOnce }) => atOnce).reduce((sum, { bytes }) => sum + bytes, 0);

/** The entry and whatever it imports other than by `import()`. */
function loadedAtOnce(chunks: readonly Rollup.OutputChunk[]): Set<string> {
  const byName = new Map(chunks.map((chunk) => [chunk.fileName, chunk]));
  const loaded = new Set<string>();
  const load = (name: string): void => {
    if (loaded.has(name)) return;
    loaded.add(name);
    for (const next of byName.get(name)?.imports ?? []) load(next);
  };
  for (const { fileName } of chunks.filter(({ isEntry }) => isEntry)) load(fileName);
  return loaded;
}
