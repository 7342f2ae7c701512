import { type KeyboardEvent, type PointerEvent, useEffect, useRef, useState } from 'react';
import { useShownTheme } from '../../../theme/use-shown-theme.ts';
import { type Bitmap, blank, levels, type Point, SIDE, stroke } from './bitmap.ts';
import { DIGITS, sample } from './samples.ts';

const SIZE = 256;
const ARROWS: Record<string, Point> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
};

/** Where a digit is drawn by pointer or arrow keys, or one that was scanned is chosen. Tells the 64 levels that the model sees. */
export function Drawing({ onChange }: { onChange: (pixels: readonly number[] | undefined) => void }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [bitmap, setBitmap] = useState<Bitmap>(blank);
  const [chosen, setChosen] = useState<number>();
  const [pen, setPen] = useState<Point>({ x: SIDE / 2, y: SIDE / 2 });
  const [hasKeys, setKeys] = useState(false);
  const last = useRef<Point>(undefined);
  const theme = useShownTheme();
  const seen = chosen === undefined ? levels(bitmap) : sample(chosen);
  const isBlank = seen.every((level) => level === 0);

  // biome-ignore lint/correctness/useExhaustiveDependencies: what is seen follows from these
  useEffect(() => onChange(isBlank ? undefined : seen), [bitmap, chosen]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the theme's colours are read from the page
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context) return;
    const style = getComputedStyle(document.documentElement);
    const side = SIZE / SIDE;
    context.clearRect(0, 0, SIZE, SIZE);
    context.fillStyle = style.getPropertyValue('--ink');
    if (chosen === undefined) {
      for (const [i, dot] of bitmap.entries()) {
        if (dot) context.fillRect((i % SIDE) * side, Math.floor(i / SIDE) * side, side, side);
      }
    } else {
      for (const [i, level] of sample(chosen).entries()) {
        context.globalAlpha = level / 16;
        context.fillRect((i % 8) * 32, Math.floor(i / 8) * 32, 32, 32);
      }
      context.globalAlpha = 1;
    }
    if (!hasKeys) return;
    context.strokeStyle = style.getPropertyValue('--honey');
    context.lineWidth = 2;
    context.strokeRect((pen.x - 1) * side, (pen.y - 1) * side, 3 * side, 3 * side);
  }, [bitmap, chosen, pen, hasKeys, theme]);

  const draw = (from: Point, to: Point) => {
    setChosen(undefined);
    setBitmap((before) => stroke(chosen === undefined ? before : blank(), from, to));
  };
  const at = (event: PointerEvent<HTMLCanvasElement>): Point => {
    const { left, top, width, height } = event.currentTarget.getBoundingClientRect();
    return { x: ((event.clientX - left) / width) * SIDE - 0.5, y: ((event.clientY - top) / height) * SIDE - 0.5 };
  };
  const onKey = (event: KeyboardEvent) => {
    const move = ARROWS[event.key];
    if (move) {
      event.preventDefault();
      const clamp = (place: number) => Math.min(SIDE - 1, Math.max(0, place));
      const next = { x: clamp(pen.x + 2 * move.x), y: clamp(pen.y + 2 * move.y) };
      if (event.shiftKey) draw(pen, next);
      setPen(next);
    } else if (event.key === ' ') {
      event.preventDefault();
      draw(pen, pen);
    }
  };

  return (
    <div className="drawing">
      {/* biome-ignore lint/a11y/noInteractiveElementToNoninteractiveRole: it takes keys, and says which */}
      <canvas
        ref={canvas}
        width={SIZE}
        height={SIZE}
        tabIndex={0}
        role="application"
        aria-label="Drawing field. Arrow keys move the pen, with Shift they draw, Space makes a dot. Samples to choose from follow."
        onKeyDown={onKey}
        onFocus={(event) => setKeys(event.target.matches(':focus-visible'))}
        onBlur={() => setKeys(false)}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          last.current = at(event);
          draw(last.current, last.current);
        }}
        onPointerMove={(event) => {
          if (!last.current) return;
          const next = at(event);
          draw(last.current, next);
          last.current = next;
        }}
        onPointerUp={() => {
          last.current = undefined;
        }}
        onPointerCancel={() => {
          last.current = undefined;
        }}
      />
      <div className="drawing-side">
        <Seen pixels={seen} />
        <button
          type="button"
          className="secondary"
          onClick={() => {
            setChosen(undefined);
            setBitmap(blank());
          }}
        >
          Clear
        </button>
      </div>
      <fieldset className="segments samples">
        <legend>Or take a scan of somebody’s handwriting</legend>
        {DIGITS.map((digit) => (
          <label key={digit}>
            <input type="radio" name="sample" checked={chosen === digit} onChange={() => setChosen(digit)} />
            <span>{digit}</span>
          </label>
        ))}
      </fieldset>
    </div>
  );
}

/** The 8 × 8 levels that the model gets. */
function Seen({ pixels }: { pixels: readonly number[] }) {
  return (
    <figure className="seen">
      <svg viewBox="0 0 8 8" width="96" height="96" aria-hidden="true" shapeRendering="crispEdges">
        {pixels.map((level, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a pixel is its place
          <rect key={i} x={i % 8} y={Math.floor(i / 8)} width="1" height="1" opacity={level / 16} />
        ))}
      </svg>
      <figcaption>what the model sees</figcaption>
    </figure>
  );
}
