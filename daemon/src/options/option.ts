import { z } from 'zod';

/** One setting of a program: its flag, its variable, its line in the config file and its row in the guide come from here. */
export interface Option<T = unknown> {
  /** Reads the texts that were given: one, or each of them where it is repeatable. */
  readonly schema: z.ZodType;
  /** What stands for the value in a usage line, e.g. `<url>`; none: a switch. */
  readonly value?: string;
  readonly text: string;
  readonly group: string;
  /** As it would be written. */
  readonly standard?: string;
  /** `run` does not go without it. */
  readonly isNeeded: boolean;
  readonly isRepeatable: boolean;
  /** `always`: taken from files and the environment only; `maybe`: may hold a secret, so that a file may be named for it. */
  readonly secret?: 'always' | 'maybe';
  /** An example for the config file. */
  readonly example?: string;
  /** Holds the type only. */
  readonly type?: T;
}

export type OptionTable = Readonly<Record<string, Option>>;

/** The values of a table's options. */
export type ValuesOf<T extends OptionTable> = { [K in keyof T]: T[K] extends Option<infer V> ? V : never };

interface About {
  value: string;
  text: string;
  group: string;
  secret?: 'always' | 'maybe';
  isNeeded?: boolean;
  example?: string;
}

/** An option with a value of its own where none is given. */
export const one = <T>(schema: z.ZodType<T>, standard: string, about: About): Option<T> => ({
  schema,
  standard,
  isNeeded: false,
  isRepeatable: false,
  ...about,
});

/** An option that may be left out. */
export const maybe = <T>(schema: z.ZodType<T>, about: About): Option<T | undefined> => ({
  schema,
  isNeeded: false,
  isRepeatable: false,
  ...about,
});

/** An option that may be given several times. */
export const many = <T>(schema: z.ZodType<T>, about: About): Option<T[]> => ({
  schema,
  isNeeded: false,
  isRepeatable: true,
  ...about,
});

/** A switch. One that is on without being given is turned off by `--no-…`. */
export const toggle = (standard: boolean, about: Omit<About, 'value'>): Option<boolean> => ({
  schema: z.stringbool(),
  standard: standard ? 'yes' : 'no',
  isNeeded: false,
  isRepeatable: false,
  ...about,
});

/** `maxFee` as flags and config files write it: `max-fee`. */
export const kebab = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** `maxFee` as the environment writes it after its prefix: `MAX_FEE`. */
export const shout = (name: string): string => kebab(name).replaceAll('-', '_').toUpperCase();
