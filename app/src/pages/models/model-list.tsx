import type { ModelRow } from '@essaim/sdk';
import { useState } from 'react';
import { useEssaim } from '../../connection/connection.ts';
import { SourceNote } from '../../parts/certainty.tsx';
import { PageHeading } from '../../parts/page-heading.tsx';
import { State } from '../../parts/state.tsx';
import { useReading } from '../../reading/use-reading.ts';
import { ModelCard } from './model-card.tsx';

type Kind = 'all' | 'trained' | 'derived' | 'own';

const KINDS: Record<Kind, string> = {
  all: 'All',
  trained: 'Trained here',
  derived: 'Made from others',
  own: 'Mine',
};
const PAGE = 24;

/** Registered models, newest first, to look through. */
export function ModelList() {
  const { wallet } = useEssaim();
  const [kind, setKind] = useState<Kind>('all');
  const [words, setWords] = useState('');
  const [size, setSize] = useState(PAGE);
  const read = useReading((reading) => reading.models().page(size), [size]);

  const is: Record<Kind, (row: ModelRow) => boolean> = {
    all: () => true,
    trained: ({ run }) => run !== null,
    derived: ({ parents }) => parents.length > 0,
    own: ({ owner }) => owner.toLowerCase() === wallet.account?.toLowerCase(),
  };
  return (
    <>
      <PageHeading
        title="Models"
        lead="Each is compiled from its file by everyone who uses it: what does not compile to what the chain names is not used."
      />
      <form className="filters" onSubmit={(event) => event.preventDefault()}>
        <p className="field">
          <label htmlFor="words">Find by name, owner or number</label>
          <input id="words" type="search" value={words} onChange={({ target }) => setWords(target.value)} />
        </p>
        <fieldset className="segments">
          <legend>Show</legend>
          {(Object.keys(KINDS) as Kind[]).map((each) => (
            <label key={each}>
              <input type="radio" name="kind" checked={kind === each} onChange={() => setKind(each)} />
              <span>{KINDS[each]}</span>
            </label>
          ))}
        </fieldset>
      </form>
      <State
        of={read}
        what="the models"
        isEmpty={({ rows }) => rows.filter(is[kind]).length === 0}
        empty={<p>{EMPTY[kind]}</p>}
      >
        {({ rows, next }) => (
          <>
            <ul className="grid">
              {rows.filter(is[kind]).map((row) => (
                <ModelCard key={row.id.toString()} of={row} words={words} />
              ))}
            </ul>
            {next && (
              <p>
                <button type="button" className="secondary" onClick={() => setSize(size + PAGE)}>
                  Show more
                </button>
              </p>
            )}
          </>
        )}
      </State>
      <SourceNote of={read.answer} reorganised={read.reorganised} />
    </>
  );
}

const EMPTY: Record<Kind, string> = {
  all: 'Nobody has registered a model yet.',
  trained: 'No run of training has made a model yet.',
  derived: 'No model names others that it comes from.',
  own: 'The account that is connected owns no model, or none is connected.',
};
