import { readFileSync } from 'node:fs';
import { EssaimError } from '@essaim/protocol';
import type { Secrets } from '../log/secrets.ts';
import { type ConfigLine, readConfig } from './config-file.ts';
import { kebab, type Option, type OptionTable, shout, type ValuesOf } from './option.ts';

/** Where options are given. */
export interface Sources {
  /** What flags of the command line gave, by option; `…File` for a secret's file. */
  readonly flags: Readonly<Record<string, string | string[] | undefined>>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Of its variables, e.g. `ESSAIM_PROVIDER_`. */
  readonly prefix: string;
  readonly config?: string;
}

interface Given {
  readonly texts: readonly string[];
  /** Where it was given, for errors. */
  readonly where: string;
  /** The text names a file that holds the value. */
  readonly isFile?: boolean;
}

/**
 * The values of all options: a flag comes before the environment, the environment before the config file, and that before
 * the standard. What is secret is told to `secrets`. OPTION_INVALID, CONFIG_UNREADABLE, CONFIG_INVALID, FILE_UNREADABLE
 */
export function readOptions<T extends OptionTable>(table: T, sources: Sources, secrets: Secrets): ValuesOf<T> {
  const config = sources.config ? readConfig(sources.config, table) : new Map<string, ConfigLine[]>();
  const values: Record<string, unknown> = {};
  for (const [key, option] of Object.entries(table)) {
    const given = find(key, option, sources, config);
    values[key] = given ? read(key, option, given, secrets) : standardOf(option);
  }
  return values as ValuesOf<T>;
}

function find(key: string, option: Option, sources: Sources, config: Map<string, ConfigLine[]>): Given | undefined {
  const name = kebab(key);
  const { flags, environment, prefix } = sources;
  const tries: (() => Given | undefined)[] = [
    () => given(flags[key], `--${name}`),
    () => given(flags[`${key}File`], `--${name}-file`, true),
    () => fromEnvironment(`${prefix}${shout(key)}`),
    () => fromEnvironment(`${prefix}${shout(key)}_FILE`, true),
    () => fromConfig(name),
    () => fromConfig(`${name}-file`, true),
  ];
  const fromEnvironment = (variable: string, isFile?: boolean): Given | undefined => {
    const text = environment[variable];
    if (text === undefined || text === '') return undefined;
    return { texts: option.isRepeatable ? text.split(',') : [text], where: variable, isFile };
  };
  const fromConfig = (line: string, isFile?: boolean): Given | undefined => {
    const lines = config.get(line);
    if (!lines) return undefined;
    const where = `${sources.config}, line ${lines[0].line}`;
    return { texts: lines.map(({ value }) => value), where, isFile };
  };
  for (const [at, attempt] of tries.entries()) {
    if (at % 2 === 1 && !option.secret) continue;
    const found = attempt();
    if (found) return found;
  }
  return undefined;
}

const given = (value: string | string[] | undefined, where: string, isFile?: boolean): Given | undefined =>
  value === undefined ? undefined : { texts: Array.isArray(value) ? value : [value], where, isFile };

function read(key: string, { schema, secret, isRepeatable, value }: Option, from: Given, secrets: Secrets): unknown {
  const texts = from.isFile ? textsIn(readText(from.texts[0]), isRepeatable) : from.texts;
  if (secret === 'always') for (const text of texts) secrets.add(text);
  if (secret === 'maybe') for (const text of texts) secrets.addUrl(text);
  const read = texts.map((text) => {
    const result = schema.safeParse(text);
    if (result.success) return result.data;
    const quoted = secret ? '' : ` "${text}"`;
    throw new EssaimError('OPTION_INVALID', `${from.where}:${quoted} is ${result.error.issues[0].message}`, {
      help: value ? `give ${kebab(key)} as ${value}` : `${kebab(key)} is yes or no`,
    });
  });
  return isRepeatable ? read : read[0];
}

const standardOf = ({ schema, standard, isRepeatable }: Option): unknown => {
  if (isRepeatable) return [];
  return standard === undefined ? undefined : schema.parse(standard);
};

/** What a file holds: one value, or one a line where it is repeatable. */
const textsIn = (text: string, isRepeatable: boolean): string[] =>
  isRepeatable
    ? text
        .split('\n')
        .map((line) => line.trim())
        .filter(Boolean)
    : [text];

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (cause) {
    throw new EssaimError('FILE_UNREADABLE', `${file} cannot be read`, {
      help: 'check the path and its rights',
      cause,
    });
  }
}

/** The values with these options sure to be there. OPTION_MISSING says all ways to give them. */
export function need<V extends object, K extends keyof V & string>(
  values: V,
  prefix: string,
  ...keys: readonly K[]
): V & { [P in K]-?: NonNullable<V[P]> } {
  const missing = keys.filter(
    (key) => values[key] === undefined || (Array.isArray(values[key]) && values[key].length === 0),
  );
  if (missing.length === 0) return values as V & { [P in K]-?: NonNullable<V[P]> };
  const ways = missing.map(
    (key) => `--${kebab(key)} (or ${prefix}${shout(key)}, or "${kebab(key)} = …" in --config FILE)`,
  );
  throw new EssaimError('OPTION_MISSING', `not given: ${missing.map(kebab).join(', ')}`, {
    help: `give ${ways.join(' and ')}`,
  });
}
