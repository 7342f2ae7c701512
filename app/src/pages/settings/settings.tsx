import { useState } from 'react';
import { SETTINGS, type Setting, type Settings as Values } from '../../config/config.ts';
import { useEssaim } from '../../connection/connection.ts';
import { Failure } from '../../parts/failure.tsx';
import { PageHeading } from '../../parts/page-heading.tsx';
import { ThemeSwitch } from '../../theme/theme-switch.tsx';

const WORDS: Record<Setting, { label: string; help: string }> = {
  rpc: { label: 'Chain (JSON-RPC)', help: 'Everything is read from here where there is no indexer.' },
  indexer: { label: 'Indexer (GraphQL)', help: 'Lists, sums and plots. Empty: from the chain alone.' },
  storage: { label: 'Storage (IPFS node)', help: 'What it serves is checked against the chain, byte by byte.' },
};

/** Colours, and which services this browser uses instead of those that came with the page. */
export default function Settings() {
  const { shipped, settings, change, error, again, essaim } = useEssaim();
  const [values, setValues] = useState<Values>(settings);
  const save = (event: React.FormEvent) => {
    event.preventDefault();
    const set = SETTINGS.filter((key) => values[key] !== undefined && values[key] !== shipped?.[key]);
    change(Object.fromEntries(set.map((key) => [key, values[key]?.trim()])));
  };
  return (
    <>
      <PageHeading title="Settings" lead="Kept in this browser, and told to nobody." />
      <ThemeSwitch />
      <form className="card form" onSubmit={save}>
        <h2>Services</h2>
        {SETTINGS.map((key) => (
          <p key={key} className="field">
            <label htmlFor={key}>{WORDS[key].label}</label>
            <input
              id={key}
              type="text"
              inputMode="url"
              autoComplete="off"
              spellCheck={false}
              value={values[key] ?? shipped?.[key] ?? ''}
              aria-describedby={`${key}-help`}
              onChange={({ target }) => setValues({ ...values, [key]: target.value })}
            />
            <small id={`${key}-help`}>{WORDS[key].help}</small>
          </p>
        ))}
        <p className="buttons">
          <button type="submit" className="primary">
            Use these
          </button>
          <button
            type="button"
            className="secondary"
            onClick={() => {
              setValues({});
              change({});
            }}
          >
            As the page came
          </button>
        </p>
        <p role="status">{essaim ? 'Connected.' : error ? '' : 'Connecting …'}</p>
        {error && <Failure error={error} again={again} title="Not connected" />}
      </form>
    </>
  );
}
