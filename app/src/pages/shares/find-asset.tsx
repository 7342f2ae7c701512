import { useId, useState } from 'react';
import { to } from '../../route/route.ts';
import { go } from '../../route/use-route.ts';
import { assetIn } from './asset-name.ts';

/** Goes to the holders of an asset by its number. */
export function FindAsset() {
  const [text, setText] = useState('');
  const id = useId();
  const asset = assetIn(text);
  return (
    <section className="card" aria-labelledby={`${id}h`}>
      <h2 id={`${id}h`}>Who owns a model or data set</h2>
      <form
        className="field"
        onSubmit={(event) => {
          event.preventDefault();
          if (asset !== undefined) go(to('shares', asset));
        }}
      >
        <label htmlFor={id}>Its number, decimal or 0x…</label>
        <input id={id} spellCheck={false} value={text} onChange={({ target }) => setText(target.value)} />
        <div className="buttons">
          <button type="submit" aria-disabled={asset === undefined}>
            Show its holders
          </button>
        </div>
        <p role="status" className="why">
          {text.trim() !== '' && asset === undefined && 'Give the number of a model or data set.'}
        </p>
      </form>
    </section>
  );
}
