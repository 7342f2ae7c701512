/**
 * Stands for `@adraffy/ens-normalize` in the build: 20 kB of tables by which names become addresses. The page gives
 * addresses only, and whoever wants a name resolved here is told that it is not.
 */
export function ens_normalize(name: string): never {
  throw new Error(`this page takes addresses, not names: ${name.slice(0, 80)}`);
}
