import type { Series } from './memory.ts';

const [WIDTH, HEIGHT, LEFT, BOTTOM, TOP, RIGHT] = [760, 300, 50, 30, 12, 130];
const COLOURS = ['#8a5a00', '#2f6f9f', '#3f7f3f', '#9f3f5f', '#6f4f9f', '#4f7f7f', '#7f6f3f', '#5f5f5f'];

/** Memory over time as an SVG: a line for each process, one colour for each name. */
export function plotOf(series: readonly Series[]): string {
  const all = series.flatMap(({ samples }) => samples);
  const seconds = Math.max(1, ...all.map((sample) => sample.seconds));
  const most = Math.ceil(Math.max(100, ...all.map(({ mib }) => mib)) / 100) * 100;
  const x = (at: number) => LEFT + (at / seconds) * (WIDTH - LEFT - RIGHT);
  const y = (mib: number) => HEIGHT - BOTTOM - (mib / most) * (HEIGHT - BOTTOM - TOP);
  const names = [...new Set(series.map(({ name }) => name))];
  const colourOf = (name: string) => COLOURS[names.indexOf(name) % COLOURS.length];
  const lines = series.map(({ name, samples }) => {
    const points = thinned(samples).map((each) => `${x(each.seconds).toFixed(1)},${y(each.mib).toFixed(1)}`);
    return `<polyline fill="none" stroke="${colourOf(name)}" stroke-width="1.2" points="${points.join(' ')}"/>`;
  });
  const grid = [0, 0.25, 0.5, 0.75, 1].map((part) => {
    const at = y(part * most).toFixed(1);
    const rule = `<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${at}" y2="${at}" stroke="#8884"/>`;
    return `${rule}<text x="${LEFT - 6}" y="${at}" text-anchor="end" dy="4">${Math.round(part * most)}</text>`;
  });
  const legend = names.map((name, i) => {
    const at = TOP + 6 + 16 * i;
    return `<text x="${WIDTH - RIGHT + 10}" y="${at}" dy="4" fill="${colourOf(name)}">${name}</text>`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="11" fill="#777">`,
    '<title>Resident memory of each process, in MiB, over seconds of real time</title>',
    ...grid,
    ...lines,
    ...legend,
    `<text x="${LEFT}" y="${HEIGHT - 8}">0 s</text>`,
    `<text x="${WIDTH - RIGHT}" y="${HEIGHT - 8}" text-anchor="end">${Math.round(seconds)} s</text>`,
    '</svg>',
    '',
  ].join('\n');
}

/** At most so many samples that a line of this width shows. */
function thinned<T>(samples: readonly T[], most = 300): T[] {
  const step = Math.max(1, Math.ceil(samples.length / most));
  return samples.filter((_, i) => i % step === 0 || i === samples.length - 1);
}
