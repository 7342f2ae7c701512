import { EssaimError } from '@essaim/protocol';
import { type Command, Option as Flag } from 'commander';
import { kebab, type OptionTable } from './option.ts';

/** Flags that would hold a secret in plain sight. */
const NEVER = /^--(key|private-key|mnemonic|seed|password)(=|$)/;

/** Refuses command lines that hold a secret: they are seen by every process and kept in histories. SECRET_ON_COMMAND_LINE */
export function refuseSecrets(argv: readonly string[]): void {
  const found = argv.find((text) => NEVER.test(text));
  if (!found) return;
  throw new EssaimError('SECRET_ON_COMMAND_LINE', `${found.split('=')[0]} takes no secret on the command line`, {
    help: 'every process can read it there, and the shell remembers it: use it no more, make another, and name a file (--key-file, --keystore with --password-file) or a command (--key-command)',
  });
}

/** Adds a flag for every option, and `--config`. */
export function addFlags(command: Command, table: OptionTable, prefix: string): Command {
  command.option('--config <file>', `a config file, as init writes it (${prefix}CONFIG)`);
  for (const [key, { value, text, standard, isRepeatable, secret }] of Object.entries(table)) {
    const name = kebab(key);
    const note = isRepeatable ? '; repeatable' : standard === undefined || !value ? '' : ` (default: ${standard})`;
    if (secret !== 'always') {
      const flag = new Flag(value ? `--${name} ${value}` : standard === 'yes' ? `--no-${name}` : `--${name}`);
      flag.description = value || standard === 'no' ? `${text}${note}` : `not: ${text}`;
      if (isRepeatable) flag.argParser((given: string, earlier: string[] = []) => [...earlier, given]);
      command.addOption(flag);
    }
    if (secret) command.option(`--${name}-file <file>`, `file that holds ${text}`);
  }
  return command;
}

/** What the command line itself gave. */
export function givenFlags(command: Command): Record<string, string | string[] | undefined> {
  const given = Object.entries(command.opts()).filter(([key]) => command.getOptionValueSource(key) === 'cli');
  return Object.fromEntries(
    given.map(([key, value]) => [key, typeof value === 'boolean' ? (value ? 'yes' : 'no') : value]),
  );
}
