import 'uplot/dist/uPlot.min.css';
import { useEffect, useId, useRef } from 'react';
import type uPlot from 'uplot';
import { useShownTheme } from '../theme/use-shown-theme.ts';

/** Resolves when something comes near the window: what nobody scrolls to is not loaded. */
const seen = (target: Element): Promise<void> =>
  new Promise((resolve) => {
    const watch = new IntersectionObserver(([{ isIntersecting }]) => {
      if (!isIntersecting) return;
      watch.disconnect();
      resolve();
    });
    watch.observe(target);
  });

/** Where the pointer is, in words; nothing where it is elsewhere. */
const shownTime = (_: uPlot, at: number | null): string => (at === null ? '' : new Date(at * 1000).toLocaleString());

/** A single place stands in the middle. */
const around = (x: number, isTime: boolean) => (): [number, number] =>
  isTime ? [x - 43_200, x + 43_200] : [x - 1, x + 1];

export interface Series {
  readonly label: string;
  /** One for each place of `x`; null: nothing known there. */
  readonly values: readonly (number | null)[];
  /** `bars` for counts, `line` (default) for what goes on. */
  readonly as?: 'line' | 'bars';
}

const COLOURS = ['--plot-1', '--plot-2', '--plot-3', '--plot-4'];
const HEIGHT = 200;

/**
 * A plot over time (`x` in seconds) or over steps (`isTime={false}`). The same numbers stand in a table below it, for
 * whoever does not see the picture.
 */
export function Plot({
  title,
  x,
  xLabel = 'time',
  isTime = true,
  series,
  show = (value) => value.toLocaleString('en', { maximumFractionDigits: 4 }),
  logarithmic = false,
}: {
  title: string;
  x: readonly number[];
  xLabel?: string;
  isTime?: boolean;
  series: readonly Series[];
  /** A value in words. */
  show?: (value: number) => string;
  logarithmic?: boolean;
}) {
  const place = useRef<HTMLDivElement>(null);
  const theme = useShownTheme();
  const id = useId();

  // biome-ignore lint/correctness/useExhaustiveDependencies: the theme's colours are read from the page
  useEffect(() => {
    const target = place.current;
    if (!target) return;
    let plot: uPlot | undefined;
    let isOver = false;
    const style = getComputedStyle(document.documentElement);
    const colour = (name: string) => style.getPropertyValue(name).trim();
    const axis = { stroke: colour('--muted'), grid: { stroke: colour('--line'), width: 1 }, ticks: { show: false } };
    void seen(target)
      .then(() => import('uplot'))
      .then(({ default: UPlot }) => {
        if (isOver) return;
        const bars = UPlot.paths.bars?.({ size: [0.7, 48] });
        plot = new UPlot(
          {
            width: target.clientWidth,
            height: HEIGHT,
            padding: [8, 28, 0, 0],
            legend: { show: series.length > 1 },
            cursor: { points: { size: 7 } },
            scales: {
              x: { time: isTime, range: x.length === 1 ? around(x[0], isTime) : undefined },
              y: { distr: logarithmic ? 3 : 1 },
            },
            axes: [
              axis,
              { ...axis, size: 64, values: (_, ticks) => ticks.map((tick) => (tick === null ? '' : show(tick))) },
            ],
            series: [
              { label: xLabel, value: isTime ? shownTime : undefined },
              ...series.map(({ label, as }, i) => ({
                label,
                stroke: colour(COLOURS[i % COLOURS.length]),
                fill: as === 'bars' ? colour(COLOURS[i % COLOURS.length]) : undefined,
                width: 2,
                points: { show: x.length < 40 && as !== 'bars' },
                paths: as === 'bars' ? bars : undefined,
                value: (_: uPlot, value: number | null) => (value === null ? '' : show(value)),
              })),
            ],
          },
          [[...x], ...series.map(({ values }) => [...values])] as uPlot.AlignedData,
          target,
        );
      });
    const sizes = new ResizeObserver(() => plot?.setSize({ width: target.clientWidth, height: HEIGHT }));
    sizes.observe(target);
    return () => {
      isOver = true;
      sizes.disconnect();
      plot?.destroy();
    };
  }, [x, series, theme, isTime, logarithmic, xLabel]);

  if (x.length === 0) {
    return (
      <figure className="plot">
        <figcaption>{title}</figcaption>
        <p className="empty">Nothing yet.</p>
      </figure>
    );
  }
  return (
    <figure className="plot" aria-labelledby={id}>
      <figcaption id={id}>{title}</figcaption>
      <div ref={place} aria-hidden="true" style={{ minHeight: HEIGHT }} />
      <details>
        <summary>The same as a table</summary>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard */}
        <section className="scroll" tabIndex={0} aria-label={`Table: ${title}`}>
          <table>
            <thead>
              <tr>
                <th scope="col">{xLabel}</th>
                {series.map(({ label }) => (
                  <th key={label} scope="col">
                    {label}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {x.map((at, row) => (
                <tr key={at}>
                  <th scope="row">{isTime ? new Date(at * 1000).toLocaleString() : at.toLocaleString('en')}</th>
                  {series.map(({ label, values }) => (
                    <td key={label}>{values[row] === null ? '—' : show(values[row] as number)}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      </details>
    </figure>
  );
}
