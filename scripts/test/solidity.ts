import { writeFileSync } from 'node:fs';
import hre from 'hardhat';

interface Outcome {
  readonly suiteResults: readonly { readonly testResults: readonly { readonly status: string }[] }[];
}

// Runs the Solidity tests and leaves their counts in the file named by TEST_COUNTS
const result = await hre.tasks.getTask(['test', 'solidity']).run({ noCompile: true });
const { success, value, error } = result as { success: boolean; value?: Outcome; error?: Outcome };
const tests = ((value ?? error)?.suiteResults ?? []).flatMap(({ testResults }) => testResults);
const count = (status: string) => tests.filter((test) => test.status === status).length;

if (process.env.TEST_COUNTS) {
  const counts = { passed: count('Success'), failed: count('Failure'), skipped: count('Skipped') };
  writeFileSync(process.env.TEST_COUNTS, JSON.stringify(counts));
}
process.exitCode = success ? 0 : 1;
