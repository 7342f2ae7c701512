import { useId } from 'react';
import type { Writing } from './draft.ts';

/** Title, reasons and a link. */
export function WordsForm({ writing, change }: { writing: Writing; change: (next: Writing) => void }) {
  const id = useId();
  return (
    <>
      <div className="field">
        <label htmlFor={`${id}title`}>Title, one line that says what changes</label>
        <input
          id={`${id}title`}
          value={writing.title}
          maxLength={120}
          onChange={({ target }) => change({ ...writing, title: target.value })}
        />
      </div>
      <div className="field">
        <label htmlFor={`${id}text`}>Why</label>
        <textarea
          id={`${id}text`}
          rows={4}
          value={writing.text}
          onChange={({ target }) => change({ ...writing, text: target.value })}
        />
      </div>
      <div className="field">
        <label htmlFor={`${id}link`}>Where more stands (https or ipfs; may be left out)</label>
        <input
          id={`${id}link`}
          value={writing.link}
          inputMode="url"
          onChange={({ target }) => change({ ...writing, link: target.value })}
        />
      </div>
    </>
  );
}
