import { existsSync, globSync, readFileSync } from 'node:fs';

/** A command, and whether it is a check of its own or runs tests that it counts. */
export interface Step {
  readonly title: string;
  readonly argv: readonly string[];
  readonly counts: boolean;
}

/** What is run and reported under one name. */
export interface Suite {
  readonly name: string;
  readonly steps: readonly Step[];
  /** It waits for other processes: a file of it that fails is tried once more. */
  readonly waits?: boolean;
}

const { workspaces } = JSON.parse(readFileSync('package.json', 'utf8')) as { workspaces: string[] };

/** The suites that have files, in the order in which they run. Paths are from the repository's root. */
export function suites(): Suite[] {
  return [
    { name: 'lint', steps: lint() },
    suite('build', check('contracts, their types and ABIs', 'npm', 'run', '--silent', 'build')),
    suite('types', check('tsc', 'tsc', '--noEmit')),
    ...when('contracts/test/**/*.t.sol', () =>
      suite('solidity', tests('Solidity fuzz and invariants', 'node', 'scripts/test/solidity.ts')),
    ),
    ...when('test/contracts/**/*.test.ts', (files) =>
      suite('contracts', tests('hardhat test mocha', 'hardhat', 'test', 'mocha', '--no-compile', ...files)),
    ),
    ...workspaces
      .filter(withoutBrowser)
      .flatMap((name) => when(`${name}/test/**/*.test.ts`, (files) => suite(name, mocha(files)))),
    ...['scripts', 'conformance', 'package'].flatMap((name) =>
      when(`test/${name}/**/*.test.ts`, (files) => suite(name, mocha(files))),
    ),
    // each file has a chain of its own
    ...when('test/e2e/**/*.test.ts', (files) => waiting('e2e', mocha(files, '--parallel', '--jobs', '2'))),
    ...when('{app/test,test/app}/**/*.test.ts', (files) => waiting('app', mocha(files))),
  ];
}

/** The page is tested in a browser, together with its parts, when all that it stands upon was. */
const withoutBrowser = (workspace: string): boolean => workspace !== 'app';

/** The suites that only read sources and need no compiled contracts. */
export const WITHOUT_BUILD: ReadonlySet<string> = new Set(['lint', 'build']);

function lint(): Step[] {
  const solidity = globSync('contracts/**/*.sol').length > 0;
  return [
    check('biome', 'biome', 'check', '--error-on-warnings'),
    ...(solidity
      ? [
          check('solhint', 'solhint', '--disc', '--noPoster', '--max-warnings', '0', 'contracts/**/*.sol'),
          check('prettier', 'prettier', '--check', '--log-level', 'warn', 'contracts/**/*.sol'),
        ]
      : []),
    check('import boundaries', 'node', 'scripts/check/boundaries.ts'),
    check('source sizes', 'node', 'scripts/check/sizes.ts'),
  ];
}

function mocha(files: string[], ...flags: string[]): Step {
  const forbid = process.env.CI ? ['--forbid-only'] : [];
  const own = ['--timeout', '120000', '--reporter', './scripts/test/reporter.ts'];
  return tests('mocha', 'mocha', ...own, ...forbid, ...flags, ...files);
}

function suite(name: string, ...steps: Step[]): Suite {
  return { name, steps };
}

const waiting = (name: string, ...steps: Step[]): Suite => ({ ...suite(name, ...steps), waits: true });

function check(title: string, ...argv: string[]): Step {
  return { title, argv, counts: false };
}

function tests(title: string, ...argv: string[]): Step {
  return { title, argv, counts: true };
}

function when(pattern: string, make: (files: string[]) => Suite): Suite[] {
  const files = globSync(pattern, { exclude: (path) => path.includes('node_modules') }).sort();
  return files.length > 0 && existsSync(files[0]) ? [make(files)] : [];
}
