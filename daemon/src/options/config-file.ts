import { readFileSync } from 'node:fs';
import { EssaimError } from '@essaim/protocol';
import { kebab, type Option, type OptionTable } from './option.ts';

/** A line that gives an option a value. */
export interface ConfigLine {
  readonly value: string;
  readonly line: number;
}

/**
 * Reads a config file: lines of `name = value`, empty ones and those that begin with #. A name stands once for each value
 * of a repeatable option. CONFIG_UNREADABLE, CONFIG_INVALID
 */
export function readConfig(file: string, table: OptionTable): Map<string, ConfigLine[]> {
  let content: string;
  try {
    content = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new EssaimError('CONFIG_UNREADABLE', `the config file ${file} cannot be read`, {
      help: 'check its path and rights, or write one with init',
      cause,
    });
  }
  const names = new Map(Object.entries(table).flatMap(([key, option]) => namesOf(key, option)));
  const found = new Map<string, ConfigLine[]>();
  for (const [at, text] of content.split('\n').entries()) {
    const line = text.trim();
    if (line === '' || line.startsWith('#')) continue;
    const [, name, value] = /^([a-z-]+)\s*=\s*(.*)$/.exec(line) ?? [];
    const wrong = (what: string, help: string): never => {
      throw new EssaimError('CONFIG_INVALID', `${file}, line ${at + 1}: ${what}`, { help });
    };
    if (name === undefined) return wrong('this is no "name = value"', 'lines that are no option begin with #');
    const key = names.get(name);
    if (table[name]?.secret === 'always') {
      return wrong(`${name} must not stand in a config file`, `name a file that holds it: ${name}-file = FILE`);
    }
    if (!key) return wrong(`there is no option "${name}"`, 'init writes a file with all of them');
    const earlier = found.get(name) ?? [];
    if (earlier.length > 0 && !table[key].isRepeatable) {
      return wrong(`${name} stands there a second time`, 'keep one of the two lines');
    }
    found.set(name, [...earlier, { value, line: at + 1 }]);
  }
  return found;
}

function namesOf(key: string, { secret }: Option): [string, string][] {
  const name = kebab(key);
  const file: [string, string] = [`${name}-file`, key];
  if (secret === 'always') return [file];
  return secret ? [[name, key], file] : [[name, key]];
}

/** A config file with every option, explained; those in `given` are set, the others stand there as comments. */
export function writeConfig(title: string, table: OptionTable, given: Readonly<Record<string, string[]>> = {}): string {
  const lines = [`# ${title}`, '# Flags come before the environment, the environment before this file.', ''];
  const groups = Map.groupBy(Object.entries(table), ([, { group }]) => group);
  for (const [group, options] of groups) {
    lines.push(`# == ${group}`, '');
    for (const [key, option] of options) lines.push(...configLines(key, option, given), '');
  }
  return lines.join('\n');
}

function configLines(key: string, option: Option, given: Readonly<Record<string, string[]>>): string[] {
  const { secret, text, standard, example, isRepeatable, isNeeded } = option;
  const name = secret === 'always' ? `${kebab(key)}-file` : kebab(key);
  const notes = [isNeeded ? ' Needed.' : '', isRepeatable ? ' A line for each.' : ''].join('');
  const about = `# ${secret === 'always' ? `A file that holds ${text}` : capital(text)}.${notes}`;
  const values = given[name] ?? given[key];
  if (values) return [about, ...values.map((value) => `${name} = ${value}`)];
  return [about, `#${name} = ${standard ?? example ?? option.value ?? ''}`];
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
