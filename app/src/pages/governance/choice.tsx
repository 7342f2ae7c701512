import { useId } from 'react';

/** One of a few, as buttons side by side; with the keyboard as radio buttons. */
export function Choice<T extends string>({
  legend,
  value,
  options,
  choose,
}: {
  legend: string;
  value: T | undefined;
  options: readonly (readonly [value: T, label: string])[];
  choose: (value: T) => void;
}) {
  const name = useId();
  return (
    <fieldset className="segments">
      <legend>{legend}</legend>
      {options.map(([option, label]) => (
        <label key={option}>
          <input type="radio" name={name} checked={value === option} onChange={() => choose(option)} />
          <span>{label}</span>
        </label>
      ))}
    </fieldset>
  );
}
