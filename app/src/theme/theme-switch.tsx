import { useState } from 'react';
import { chooseTheme, chosenTheme, THEMES } from './theme.ts';

const WORDS = { auto: 'As the system', light: 'Light', dark: 'Dark' };

/** Light, dark, or as the system has it. */
export function ThemeSwitch() {
  const [theme, setTheme] = useState(chosenTheme);
  return (
    <fieldset className="segments">
      <legend>Colours</legend>
      {THEMES.map((each) => (
        <label key={each}>
          <input
            type="radio"
            name="theme"
            checked={each === theme}
            onChange={() => {
              setTheme(each);
              chooseTheme(each);
            }}
          />
          <span>{WORDS[each]}</span>
        </label>
      ))}
    </fieldset>
  );
}
