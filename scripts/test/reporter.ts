import { writeFileSync } from 'node:fs';
import Mocha from 'mocha';

/** Mocha's own spec report, with the counts also left in the file named by `TEST_COUNTS`, where `scripts/test.ts` reads them. */
class CountingReporter extends Mocha.reporters.Spec {
  constructor(runner: Mocha.Runner, options?: Mocha.MochaOptions) {
    super(runner, options);
    runner.once('end', () => {
      const file = process.env.TEST_COUNTS;
      if (!file) return;
      const { passes, failures, pending } = this.stats;
      writeFileSync(file, JSON.stringify({ passed: passes, failed: failures, skipped: pending }));
    });
  }
}

// Mocha loads reporters by require
export { CountingReporter as 'module.exports' };
