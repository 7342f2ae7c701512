import { kebab, type OptionTable, shout } from './option.ts';

const cell = (text: string): string => text.replaceAll('|', '\\|');

/** The rows of a guide: a table of the options for each group, in Markdown. */
export function optionsDocument(table: OptionTable, prefix: string): string {
  const groups = Map.groupBy(Object.entries(table), ([, { group }]) => group);
  return [...groups]
    .map(([group, options]) =>
      [
        `### ${group}`,
        '',
        '| flag, and name in the config file | environment | standard | what it is |',
        '| --- | --- | --- | --- |',
        ...options.map(([key, option]) => row(key, option, prefix)),
        '',
      ].join('\n'),
    )
    .join('\n');
}

function row(key: string, option: OptionTable[string], prefix: string): string {
  const { value, text, standard, secret, isNeeded, isRepeatable } = option;
  const name = kebab(key);
  const flag = value ? `--${name} ${value}` : standard === 'yes' ? `--no-${name}` : `--${name}`;
  const flags = [...(secret === 'always' ? [] : [flag]), ...(secret ? [`--${name}-file <file>`] : [])];
  const variable = `${prefix}${shout(key)}`;
  const variables = secret ? [variable, `${variable}_FILE`] : [variable];
  const notes = [isNeeded ? 'needed by `run`' : '', isRepeatable ? 'repeatable' : ''].filter(Boolean).join('; ');
  const code = (texts: string[]): string => texts.map((each) => `\`${each}\``).join('<br>');
  const what = `${text}${notes ? ` (${notes})` : ''}`;
  return `| ${[code(flags), code(variables), standard === undefined ? '–' : `\`${standard}\``, what].map(cell).join(' | ')} |`;
}
