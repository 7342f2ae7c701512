import { useId, useState } from 'react';
import { to } from '../../route/route.ts';
import { go } from '../../route/use-route.ts';

/** Goes to the holders of an asset by its number. */
export function FindAsset() {
  const [text, setText] = useState('');
  const id = useId();
  const isRight = /^\d{1,78}$/.test(text.trim());
  return (
    <section className="card" aria-labelledby={`${id}h`}>
      <h2 id={`${id}h`}>Who owns a model or data set</h2>
      <form
        className="field"
        onSubmit={(event) => {
          event.preventDefault();
          if (isRight) go(to('shares', text.trim()));
        }}
      >
        <label htmlFor={id}>Its number</label>
        <input id={id} inputMode="numeric" value={text} onChange={({ target }) => setText(target.value)} />
        <div className="buttons">
          <button type="submit" aria-disabled={!isRight}>
            Show its holders
          </button>
        </div>
        <p role="status" className="why">
          {text.trim() !== '' && !isRight && 'Give the number of a model or data set.'}
        </p>
      </form>
    </section>
  );
}
