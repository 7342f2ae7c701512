import { EssaimError } from '@essaim/protocol';
import { getAddress, isHexString } from 'ethers';

/** What to ask of one field or entity, and how to read what comes. One of it makes both, so that they cannot part. */
export interface Shape<T> {
  /** The selection below a field, with its braces; empty for a scalar. */
  readonly select: string;
  /** Reads an answer's value. INDEXER_ANSWER where it is not of this shape; `at` says where. */
  read(value: unknown, at: string): T;
  /** The field that it is asked of, with its arguments, where that is not named as it is here. */
  readonly field?: string;
}

const wrong = (at: string, wanted: string, got: unknown): never => {
  const shown = String(JSON.stringify(got)).slice(0, 80);
  throw new EssaimError('INDEXER_ANSWER', `the indexer's ${at} is ${shown}, not ${wanted}`, {
    help: 'it serves another version of the subgraph, or is none: compare it with the deployment’s, or go on without it',
    details: { at },
  });
};

const scalar = <T>(wanted: string, read: (value: unknown) => T | undefined): Shape<T> => ({
  select: '',
  read: (value, at) => read(value) ?? wrong(at, wanted, value),
});

const INTEGER = /^-?\d{1,78}$/;

export const text = scalar('text', (value) => (typeof value === 'string' ? value : undefined));
export const flag = scalar('true or false', (value) => (typeof value === 'boolean' ? value : undefined));
/** Bytes of any length as lower-case hex. */
export const hex = scalar('hex', (value) => (isHexString(value) ? value.toLowerCase() : undefined));
export const address = scalar('an address', (value) => (isHexString(value, 20) ? getAddress(value) : undefined));
/** A BigInt of the subgraph. */
export const amount = scalar('a whole number', (value) =>
  typeof value === 'string' && INTEGER.test(value) ? BigInt(value) : undefined,
);
/** An Int or a small BigInt: counts, seconds, blocks. */
export const count = scalar('a number', (value) => {
  const number = typeof value === 'string' && INTEGER.test(value) ? Number(value) : value;
  return Number.isSafeInteger(number) ? (number as number) : undefined;
});
/** A BigDecimal. */
export const decimal = scalar('a decimal number', (value) => {
  const number = typeof value === 'string' && value !== '' ? Number(value) : Number.NaN;
  return Number.isFinite(number) ? number : undefined;
});
/** A Timestamp: microseconds; as seconds. */
export const instant = scalar('a time', (value) =>
  typeof value === 'string' && INTEGER.test(value) ? Number(BigInt(value) / 1_000_000n) : undefined,
);

/** An enum, or a text of a few known ones, under the names that it has here. */
export const oneOf = <T>(names: Readonly<Record<string, T>>): Shape<T> =>
  scalar(`one of ${Object.keys(names).join(', ')}`, (value) =>
    typeof value === 'string' && Object.hasOwn(names, value) ? names[value] : undefined,
  );

export const nullable = <T>(shape: Shape<T>): Shape<T | null> => ({
  ...shape,
  read: (value, at) => (value === null ? null : shape.read(value, at)),
});

/** As `shape`, then changed. */
export const map = <A, B>(shape: Shape<A>, change: (value: A) => B): Shape<B> => ({
  ...shape,
  read: (value, at) => change(shape.read(value, at)),
});

/** The same under another field, with arguments where it has some. */
export const as = <T>(field: string, shape: Shape<T>): Shape<T> => ({ ...shape, field });

export const list = <T>(shape: Shape<T>): Shape<T[]> => ({
  select: shape.select,
  read: (value, at) =>
    Array.isArray(value) ? value.map((it, i) => shape.read(it, `${at}[${i}]`)) : wrong(at, 'a list', value),
});

/** One field of an entity, in place of the entity; it may have arguments. */
export const inner = <T>(field: string, shape: Shape<T>): Shape<T> => {
  const [name] = field.split('(');
  return {
    select: ` { ${field}${shape.select} }`,
    read: (value, at) => shape.read(entity(value, at)[name], `${at}.${name}`),
  };
};

export const object = <T>(fields: { [K in keyof Required<T>]: Shape<T[K]> }): Shape<T> => {
  const entries = Object.entries<Shape<unknown>>(fields);
  const selections = entries.map(
    ([name, shape]) => `${shape.field && shape.field !== name ? `${name}: ${shape.field}` : name}${shape.select}`,
  );
  return {
    select: ` { ${selections.join(' ')} }`,
    read(value, at) {
      const given = entity(value, at);
      return Object.fromEntries(entries.map(([name, shape]) => [name, shape.read(given[name], `${at}.${name}`)])) as T;
    },
  };
};

const entity = (value: unknown, at: string): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : wrong(at, 'an entity', value);

/** An agent in place of which its address is told. */
export const account = inner('id', address);
/** Locks and bonds, which the subgraph has in milli-MIEL: in wei. */
export const milliMiel = map(amount, (value) => value * 10n ** 15n);
