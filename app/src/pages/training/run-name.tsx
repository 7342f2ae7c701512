import { Text } from '../../parts/text.tsx';
import { useAsk } from '../../reading/use-ask.ts';

/** How a run calls itself in its manifest; until that is there, its id. Others wrote it. */
export function RunName({ id, manifest }: { id: string; manifest: string }) {
  const { name } = useRunWords(manifest);
  return name ? <Text of={name} limit={80} /> : <code>{`Run ${id.slice(0, 10)}…`}</code>;
}

/** What a run's manifest says of it; nothing while it is not served. */
export function useRunWords(manifest: string): { name?: string; description?: string; licence?: string } {
  const asked = useAsk(async ({ storage }, signal) => storage.getManifest(manifest, { signal }), [manifest]);
  const { name, description, licence } = (asked.value ?? {}) as Record<string, unknown>;
  const text = (value: unknown) => (typeof value === 'string' ? value : undefined);
  return { name: text(name), description: text(description), licence: text(licence) };
}
