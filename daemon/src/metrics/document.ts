import { METRICS } from './table.ts';

/** The rows of a guide: a table of all metrics, in Markdown. */
export const metricsDocument = (): string =>
  [
    '| metric | kind | labels | what it says |',
    '| --- | --- | --- | --- |',
    ...Object.entries(METRICS).map(([name, { kind, labels, text }]) => {
      const shown = labels.map((label) => `\`${label}\``).join(', ') || '–';
      return `| \`${name}\` | ${kind} | ${shown} | ${text} |`;
    }),
    '',
  ].join('\n');
