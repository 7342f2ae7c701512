import type { ElementFault, OpenedOperand } from '@essaim/sdk';
import { useWidth } from './use-width.ts';

const NAMES = { input: 'input', weight: 'weight', value: 'value', inner: 'inner value' } as const;
const CELL = 58;

/** The operands that the judge looked at, each as a strip of its first numbers. */
export function Strips({ fault: { operands, name } }: { fault: ElementFault }) {
  const [ref, width] = useWidth<HTMLUListElement>();
  const room = Math.max(2, Math.floor((width - 30) / CELL));
  return (
    <div className="recomputed">
      <h3>What {name || 'it'} was recomputed from</h3>
      <ul className="strips" ref={ref}>
        {operands.slice(0, 4).map((operand) => (
          <Strip key={`${operand.slot}/${operand.first[0]?.at}`} operand={operand} room={room} />
        ))}
      </ul>
      {operands.length > 4 && <p className="muted">and {operands.length - 4} more.</p>}
    </div>
  );
}

function Strip({ operand: { kind, index, count, first }, room }: { operand: OpenedOperand; room: number }) {
  const shown = first.slice(0, count > room ? room - 1 : room);
  return (
    <li>
      <span className="what">
        {count.toLocaleString('en')} of {NAMES[kind]} {index}
      </span>
      <span className="cells">
        {shown.map(({ at, value }) => (
          <code key={at.join()} title={`[${at.join(', ')}] ${value}`}>
            {brief(value)}
          </code>
        ))}
        {count > shown.length && <span className="more">…</span>}
      </span>
    </li>
  );
}

/** At most six characters; the whole number is in the title, and below in the list of all. */
function brief(value: string): string {
  if (value.length <= 6) return value;
  const number = Number(value);
  if (!Number.isFinite(number)) return value.slice(0, 6);
  const size = Math.abs(number);
  if (size >= 1e5 || (size > 0 && size < 1e-3)) return number.toExponential(0);
  return number.toFixed(size >= 100 ? 1 : size >= 10 ? 2 : 3);
}
