import { parameterNamed, SETTINGS, showMiel, showValue } from '@essaim/sdk';
import { useId } from 'react';
import { type Checked, checkPart, type Now, type Part } from './draft.ts';

/** One part of a draft: its value as typed, what that comes to, and what is allowed. */
export function PartForm({
  part,
  now,
  change,
  remove,
}: {
  part: Part;
  now: Now;
  change: (next: Part) => void;
  remove: () => void;
}) {
  const id = useId();
  const { title, label, hint, unit } = wordsOf(part, now);
  const checked = checkPart(part, now);
  return (
    <fieldset className="part">
      <legend className="visually-hidden">{title}</legend>
      <div className="part-head">
        <strong aria-hidden="true">{title}</strong>
        <button type="button" className="plain" onClick={remove}>
          Take out<span className="visually-hidden"> {title}</span>
        </button>
      </div>
      {part.kind === 'payment' && (
        <div className="field">
          <label htmlFor={`${id}to`}>Who is paid</label>
          <input
            id={`${id}to`}
            value={part.to}
            placeholder="0x…"
            spellCheck={false}
            onChange={({ target }) => change({ ...part, to: target.value })}
          />
        </div>
      )}
      {part.kind !== 'unpause' && (
        <div className="field">
          <label htmlFor={id}>{label}</label>
          <input
            id={id}
            value={part.text}
            spellCheck={false}
            aria-describedby={`${id}hint ${id}said`}
            aria-invalid={checked.is === 'wrong'}
            onChange={({ target }) => change({ ...part, text: target.value })}
          />
        </div>
      )}
      <p id={`${id}hint`}>
        <small>{hint}</small>
      </p>
      <p id={`${id}said`} role="status" className={`is-${checked.is}`}>
        {saidOf(checked, unit)}
      </p>
    </fieldset>
  );
}

function saidOf(checked: Checked, unit?: string): string {
  if (checked.is === 'wrong') return `${checked.message}: ${checked.help}.`;
  return checked.is === 'right' && unit ? `Would be ${showValue(checked.value, unit)}.` : '';
}

function wordsOf(part: Part, now: Now): { title: string; label: string; hint: string; unit?: string } {
  if (part.kind === 'parameter') {
    const { name, unit, value, lowest, highest, least, most } = parameterNamed(now.parameters, part.name);
    const show = (it: bigint) => showValue(it, unit);
    const bounds = `for ever between ${show(least)} and ${show(most)}`;
    const hint = `Now ${show(value)}. In one change from ${show(lowest)} to ${show(highest)}, ${bounds}.`;
    return { title: name, label: `New value, in ${unit}${EXAMPLES[unit.split(' ')[0]] ?? ''}`, hint, unit };
  }
  if (part.kind === 'setting') {
    const { unit, least, most } = SETTINGS[part.name];
    const show = (it: bigint) => showValue(it, unit);
    const hint = `Now ${show(now.settings[part.name])}. Between ${show(least)} and ${show(most)}.`;
    return { title: part.name, label: `New value, in ${unit}${EXAMPLES[unit.split(' ')[0]] ?? ''}`, hint, unit };
  }
  if (part.kind === 'payment') {
    const hint = `The treasury holds ${showMiel(now.treasury)}.`;
    return { title: 'Pay MIEL from the treasury', label: 'How much, in MIEL', hint, unit: 'wei' };
  }
  if (part.kind === 'guardian') {
    const hint = 'The guardian may pause new jobs and runs, at most seven days at a time. “none”: nobody may.';
    return { title: 'Another guardian', label: 'Its address, or “none”', hint };
  }
  const hint = 'Only of use where the pause would last longer than a decision takes.';
  return { title: 'End a pause of new work', label: '', hint };
}

/** How else a value can be written. */
const EXAMPLES: Readonly<Record<string, string>> = {
  bp: ' or per cent: 250 or 2.5 %',
  s: ' or a span: 900, 15 min, 12 h, 2 d',
  mMIEL: ' or MIEL: 1500 or 1.5 MIEL',
  wei: ' or MIEL: 1000 MIEL',
};
