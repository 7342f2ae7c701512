import { writeFileSync } from 'node:fs';
import { EssaimError } from '@essaim/protocol';
import { StorageError } from '@essaim/storage';
import { Command } from 'commander';
import { Secrets } from './log/secrets.ts';
import { writeConfig } from './options/config-file.ts';
import { addFlags, givenFlags, refuseSecrets } from './options/flags.ts';
import type { OptionTable, ValuesOf } from './options/option.ts';
import { readOptions } from './options/read.ts';

/** A program's names and its options. */
export interface Identity<T extends OptionTable> {
  /** e.g. `essaim-provider` */
  readonly name: string;
  /** Of its environment variables, e.g. `ESSAIM_PROVIDER_`. */
  readonly prefix: string;
  readonly text: string;
  readonly table: T;
}

/** Does one command: with the values of all options, what else stands on the command line, and what must not be shown. */
export type Action<T extends OptionTable> = (
  values: ValuesOf<T>,
  secrets: Secrets,
  ...given: (string | string[] | undefined)[]
) => Promise<void> | void;

/** The command line of a program whose commands all take the same options. */
export class Program<T extends OptionTable> {
  readonly identity: Identity<T>;
  readonly #command: Command;
  readonly #secrets = new Secrets();

  constructor(identity: Identity<T>) {
    this.identity = identity;
    this.#command = new Command(identity.name).description(identity.text);
  }

  /** Adds a command, e.g. `simulate <job>`. */
  add(usage: string, text: string, action: Action<T>): this {
    const { table, prefix } = this.identity;
    const command = addFlags(this.#command.command(usage).description(text), table, prefix);
    const argumentsOf = command.registeredArguments.length;
    command.action((...all: (string | string[] | undefined)[]) => {
      const values = readOptions(
        table,
        {
          flags: givenFlags(command),
          environment: process.env,
          prefix,
          config: command.opts().config ?? process.env[`${prefix}CONFIG`],
        },
        this.#secrets,
      );
      return action(values, this.#secrets, ...all.slice(0, argumentsOf));
    });
    return this;
  }

  /** Adds `init`, which writes a config file. */
  addInit(): this {
    const { name, prefix, table } = this.identity;
    const standard = `${name}.conf`;
    const init = this.#command.command('init [file]').description(`write a commented config file (${standard})`);
    addFlags(init, table, prefix).action((file: string = standard) => {
      const given = Object.entries(givenFlags(init)).flatMap(([key, value]) =>
        value === undefined || key === 'config' ? [] : [[key.replace(/File$/, '-file'), [value].flat()]],
      );
      writeNew(file, writeConfig(`How ${name} runs`, table, Object.fromEntries(given)));
      console.log(`${file} is written. Fill it in, then: ${name} check --config ${file}`);
    });
    return this;
  }

  /** Runs the command line; an error of ours is printed as code, message and help, and ends the process with 1. */
  async main(argv: readonly string[] = process.argv): Promise<void> {
    process.stdout.on('error', (error: NodeJS.ErrnoException) => {
      // whoever read it has seen enough, as `head` has
      if (error.code === 'EPIPE') process.exit(0);
      throw error;
    });
    try {
      refuseSecrets(argv);
      await this.#command.parseAsync(argv);
    } catch (error) {
      const shown =
        error instanceof EssaimError || error instanceof StorageError
          ? `${error.code}: ${error.message}\n${error.help}`
          : String(error instanceof Error ? error.stack : error);
      console.error(this.#secrets.hide(shown));
      process.exit(1);
    }
  }
}

function writeNew(file: string, text: string): void {
  try {
    writeFileSync(file, text, { flag: 'wx', mode: 0o600 });
  } catch (cause) {
    throw new EssaimError('CONFIG_EXISTS', `${file} cannot be written, or is there already`, {
      help: 'name another file: a config is never overwritten',
      cause,
    });
  }
}
