import { writeFileSync } from 'node:fs';
import hre from 'hardhat';

/** Runs the Solidity tests and leaves their counts in the file named by `TEST_COUNTS`. */
const result = await hre.tasks.getTask(['test', 'solidity']).run({ noCompile: true });
const outcome = result as { success: boolean; value?: Outcome; error?: Outcome };
const summary = (outcome.value ?? outcome.error)?.summary;
if (process.env.TEST_COUNTS && summary) {
  const { passed, failed, skipped } = summary;
  writeFileSync(process.env.TEST_COUNTS, JSON.stringify({ passed, failed, skipped }));
}
process.exitCode = outcome.success ? 0 : 1;

interface Outcome {
  summary: { passed: number; failed: number; skipped: number };
}
