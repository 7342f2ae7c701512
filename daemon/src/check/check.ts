import { describeFailure } from '@essaim/sdk/node';
import type { Secrets } from '../log/secrets.ts';

/** What one check found. */
export interface Finding {
  readonly state: 'ok' | 'warning' | 'wrong';
  readonly what: string;
  /** What to do about it. */
  readonly todo?: string;
}

/** One thing that is tested. What it throws is what is wrong. */
export interface Check {
  readonly name: string;
  run(): Promise<Finding | Finding[]>;
}

export const ok = (what: string): Finding => ({ state: 'ok', what });
export const warning = (what: string, todo: string): Finding => ({ state: 'warning', what, todo });
export const wrong = (what: string, todo: string): Finding => ({ state: 'wrong', what, todo });

const MARKS = { ok: 'ok     ', warning: 'warning', wrong: 'WRONG  ' };

/** Runs checks one after another, prints what each found and what to do; false if anything is wrong. */
export async function runChecks(
  checks: readonly Check[],
  secrets: Secrets,
  print: (line: string) => void = console.log,
): Promise<boolean> {
  const width = Math.max(...checks.map(({ name }) => name.length));
  let wrongs = 0;
  let warnings = 0;
  for (const check of checks) {
    for (const { state, what, todo } of await findings(check)) {
      if (state === 'wrong') wrongs++;
      if (state === 'warning') warnings++;
      print(secrets.hide(`${MARKS[state]}  ${check.name.padEnd(width)}  ${what}`));
      if (todo) print(secrets.hide(`         ${' '.repeat(width)}  ${todo}`));
    }
  }
  const found = wrongs === 0 ? 'nothing is wrong' : wrongs === 1 ? '1 thing is wrong' : `${wrongs} things are wrong`;
  print(`${found}, ${warnings} ${warnings === 1 ? 'warning' : 'warnings'}`);
  return wrongs === 0;
}

async function findings(check: Check): Promise<Finding[]> {
  try {
    return [await check.run()].flat();
  } catch (error) {
    const { code, message, help } = describeFailure(error);
    return [wrong(`${code}: ${message}`, help ?? 'see the message')];
  }
}
