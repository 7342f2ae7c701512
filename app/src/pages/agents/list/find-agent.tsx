import { isAddress } from 'ethers';
import { useId, useState } from 'react';
import { to } from '../../../route/route.ts';
import { go } from '../../../route/use-route.ts';

/** Goes to an account by its address. */
export function FindAgent() {
  const [text, setText] = useState('');
  const id = useId();
  const address = text.trim();
  const isRight = isAddress(address);
  return (
    <form
      className="field"
      onSubmit={(event) => {
        event.preventDefault();
        if (isRight) go(to('agents', address));
      }}
    >
      <label htmlFor={id}>Find one by its address</label>
      <input
        id={id}
        value={text}
        placeholder="0x…"
        spellCheck={false}
        autoComplete="off"
        aria-describedby={`${id}why`}
        onChange={({ target }) => setText(target.value)}
      />
      <div className="buttons">
        <button type="submit" aria-disabled={!isRight}>
          Go there
        </button>
      </div>
      <p id={`${id}why`} role="status" className="why">
        {address !== '' && !isRight && 'This is no address: 0x and 40 hex digits.'}
      </p>
    </form>
  );
}
