import { SETTINGS, type SettingName } from '@essaim/sdk';
import { useId } from 'react';
import type { Now, Part } from './draft.ts';

/** Chooses what else a proposal changes; what it has already is not offered twice. */
export function AddPart({ now, parts, add }: { now: Now; parts: readonly Part[]; add: (part: Part) => void }) {
  const id = useId();
  const has = (kind: Part['kind'], name?: string) =>
    parts.some((part) => part.kind === kind && (name === undefined || ('name' in part && part.name === name)));
  const choose = (value: string) => {
    const [kind, name] = value.split(':');
    if (kind === 'parameter') add({ kind, name, text: '' });
    if (kind === 'setting') add({ kind, name: name as SettingName, text: '' });
    if (kind === 'payment') add({ kind, to: '', text: '' });
    if (kind === 'guardian') add({ kind, text: '' });
    if (kind === 'unpause') add({ kind });
  };
  return (
    <div className="field">
      <label htmlFor={id}>Add something that it changes</label>
      <select id={id} value="" onChange={({ target }) => choose(target.value)}>
        <option value="" disabled>
          Choose …
        </option>
        <optgroup label="Parameters of the protocol">
          {now.parameters
            .filter(({ name }) => !has('parameter', name))
            .map(({ name }) => (
              <option key={name} value={`parameter:${name}`}>
                {name}
              </option>
            ))}
        </optgroup>
        <optgroup label="The governor’s own numbers">
          {Object.keys(SETTINGS)
            .filter((name) => !has('setting', name))
            .map((name) => (
              <option key={name} value={`setting:${name}`}>
                {name}
              </option>
            ))}
        </optgroup>
        <optgroup label="Other">
          <option value="payment">Pay MIEL from the treasury</option>
          {!has('guardian') && <option value="guardian">Another guardian</option>}
          {!has('unpause') && <option value="unpause">End a pause of new work</option>}
        </optgroup>
      </select>
    </div>
  );
}
