import { writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import Mocha from 'mocha';

/**
 * Mocha's own spec report, with the counts and the files of what failed also left in the file named by `TEST_COUNTS`, where
 * `scripts/test.ts` reads them.
 */
class CountingReporter extends Mocha.reporters.Spec {
  constructor(runner: Mocha.Runner, options?: Mocha.MochaOptions) {
    super(runner, options);
    const files = new Set<string>();
    runner.on('fail', ({ file }) => files.add(relative(process.cwd(), file ?? '')));
    runner.once('end', () => {
      const file = process.env.TEST_COUNTS;
      if (!file) return;
      const { passes, failures, pending } = this.stats;
      writeFileSync(file, JSON.stringify({ passed: passes, failed: failures, skipped: pending, files: [...files] }));
    });
  }
}

// Mocha loads reporters by require
export { CountingReporter as 'module.exports' };
