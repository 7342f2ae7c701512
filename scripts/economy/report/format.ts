/** A Markdown table. */
export const table = (head: readonly string[], rows: readonly (readonly (string | number)[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');

/** A number with thousands separated, to so many digits after the point. */
export const number = (value: number, digits = 0): string => {
  const [whole, part] = Math.abs(value).toFixed(digits).split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  const sign = value < 0 && /[1-9]/.test(whole + (part ?? '')) ? '−' : '';
  return sign + grouped + (part ? `.${part}` : '');
};

export const percent = (value: number, digits = 1): string => `${number(100 * value, digits)} %`;

/** A section of the report, and the plots that stand in it by file name. */
export interface Section {
  text: string;
  plots: Readonly<Record<string, string>>;
}

export const figure = (name: string, alt: string): string => `![${alt}](economics/${name}.svg)`;
