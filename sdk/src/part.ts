import { EssaimError } from '@essaim/protocol';

/** Methods that answer later, which is what lets their code be loaded first. */
type Later<T> = { [K in keyof T]: T[K] extends (...given: never[]) => Promise<unknown> ? T[K] : never };

/**
 * A part of the SDK whose code is loaded when one of its methods is first called: they all answer by promise, so that
 * nobody sees the difference. `here` has the members that cannot wait. PART_UNLOADED
 */
export function part<T extends Later<Omit<T, Here>>, Here extends keyof T = never>(
  load: () => Promise<T>,
  here?: Pick<T, Here>,
): T {
  const members = new Map<PropertyKey, unknown>(Object.entries(here ?? {}));
  const later =
    (name: string) =>
    async (...given: unknown[]) => {
      const loaded = (await load()) as Record<string, (...given: unknown[]) => unknown>;
      return loaded[name](...given);
    };
  return new Proxy({} as T, {
    get(_, name) {
      // Whoever awaits, prints or compares a part asks for these, and loads nothing by it.
      if (typeof name === 'symbol' || name === 'then' || name === 'toJSON') return undefined;
      if (!members.has(name)) members.set(name, later(name));
      return members.get(name);
    },
  });
}

/** Loads once for all who ask; what failed is tried again by the next. PART_UNLOADED where its code is not to be had. */
export function once<T>(load: () => Promise<T>): () => Promise<T> {
  let loading: Promise<T> | undefined;
  return () => {
    loading ??= load().catch((cause: unknown) => {
      loading = undefined;
      throw new EssaimError('PART_UNLOADED', `a part of the SDK was not loaded: ${(cause as Error).message}`, {
        help: 'check the connection and try again; reload the page where its files have moved since',
        cause,
      });
    });
    return loading;
  };
}

/** A stream of a part, from code that is loaded when it is first asked for something. */
export async function* streamed<T>(load: () => Promise<AsyncIterable<T>>): AsyncGenerator<T> {
  yield* await load();
}
