import type { ElementFault } from '@essaim/sdk';
import { useId } from 'react';
import { numberScale } from './number-scale.ts';
import { aboutWords, distanceWords, shortNumber } from './number-words.ts';
import { useWidth } from './use-width.ts';

const AXIS = 92;
/** Where the permitted interval is shown larger. */
const LENS = 168;

type Range = NonNullable<ElementFault['range']>;

/** Claimed against permitted on one line, and the permitted interval larger where it is too thin to be seen. */
export function NumberLine({ fault, range }: { fault: ElementFault; range: Range }) {
  const [ref, width] = useWidth<HTMLDivElement>();
  const title = useId();
  const scale = numberScale(Number(fault.claimed), range.contract, range.sharp, width);
  const [from, to] = scale.contract;
  const middle = (from + to) / 2;
  const isLeft = scale.claimed < middle;
  const words = distanceWords(fault);
  const lines = width < 480 ? words : [words.join(': ')];
  const half = 4 * Math.max(...lines.map(({ length }) => length));
  const between = (scale.claimed + (isLeft ? from : to)) / 2;
  return (
    <div className="number-line" ref={ref}>
      {width > 0 && (
        <svg
          viewBox={`0 0 ${width} ${scale.isThin ? LENS + 74 : AXIS + 64}`}
          style={{ width }}
          role="img"
          aria-labelledby={title}
        >
          <title id={title}>{`Claimed ${fault.claimed}; permitted ${fault.permitted}. ${words.join(': ')}`}</title>
          <line x1={0} x2={width} y1={AXIS} y2={AXIS} className="axis-line" />
          <rect x={from} y={AXIS - 14} width={to - from} height={28} rx={3} className="contract" />
          <rect
            x={scale.sharp[0]}
            y={AXIS - 14}
            width={scale.sharp[1] - scale.sharp[0]}
            height={28}
            rx={3}
            className="sharp"
          />
          <path
            d={`M${scale.claimed} ${AXIS - 6}H${isLeft ? from - 5 : to + 5}`}
            className="gap"
            transform="translate(0 -22)"
          />
          {lines.map((line, i) => (
            <text
              key={line}
              x={clamp(between, half, width - half)}
              y={AXIS - 38 - 18 * (lines.length - 1 - i)}
              className="gap-words"
            >
              {line}
            </text>
          ))}
          <line x1={scale.claimed} x2={scale.claimed} y1={AXIS - 34} y2={AXIS + 14} className="claimed" />
          <circle cx={scale.claimed} cy={AXIS} r={7} className="claimed" />
          <Label x={scale.claimed} y={AXIS + 36} width={width} kind="claimed" of={fault.claimed} />
          <Label x={middle} y={AXIS + 36} width={width} kind="permitted" of={aboutWords(range.contract)} />
          {scale.isThin && <Lens range={range} from={from} to={to} width={width} />}
        </svg>
      )}
    </div>
  );
}

const clamp = (x: number, low: number, high: number) => Math.max(Math.min(low, high), Math.min(high, x));

function Label({ x, y, width, kind, of }: { x: number; y: number; width: number; kind: string; of: string }) {
  const half = Math.min(width / 2, 4.6 * Math.max(of.length, kind.length) + 4);
  const at = clamp(x, half, width - half);
  return (
    <g className={`label ${kind}`}>
      <text x={at} y={y} className="kind">
        {kind}
      </text>
      <text x={at} y={y + 20} className="of">
        {of}
      </text>
    </g>
  );
}

/** The permitted interval as wide as the picture: where it is paid, and where it is void. */
function Lens({ range, from, to, width }: { range: Range; from: number; to: number; width: number }) {
  const [left, right] = [width * 0.12, width * 0.88];
  const [low, high] = range.contract;
  const at = (value: number) => left + ((right - left) * (value - low)) / (high - low);
  const [paidFrom, paidTo] = range.sharp.map(at);
  const hasVoid = range.sharp[0] > low || range.sharp[1] < high;
  return (
    <g className="lens">
      <path d={`M${from} ${AXIS + 64}L${left} ${LENS}H${right}L${to} ${AXIS + 64}Z`} className="beam" />
      <rect x={left} y={LENS} width={right - left} height={26} rx={4} className="contract" />
      <rect x={paidFrom} y={LENS} width={Math.max(3, paidTo - paidFrom)} height={26} rx={4} className="sharp" />
      <text x={(paidFrom + paidTo) / 2} y={LENS + 18} className="inside">
        {hasVoid && paidTo - paidFrom < 60 ? '' : 'paid'}
      </text>
      {hasVoid && paidFrom - left > 56 && (
        <>
          <text x={(left + paidFrom) / 2} y={LENS + 18} className="inside void">
            void
          </text>
          <text x={(right + paidTo) / 2} y={LENS + 18} className="inside void">
            void
          </text>
        </>
      )}
      <text x={left} y={LENS + 48} className="tick start">
        {shortNumber(low)}
      </text>
      <text x={right} y={LENS + 48} className="tick end">
        {shortNumber(high)}
      </text>
    </g>
  );
}
