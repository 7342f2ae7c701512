import { writeFileSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import { compile } from '@essaim/protocol';
import { openSession, qualify } from '@essaim/runtime';
import { describeFailure } from '@essaim/sdk/node';
import type { Given, Outcome } from './trial.ts';

/** Has the system stop this process before others, and let them go first. */
function stepBack(): void {
  setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
  try {
    writeFileSync('/proc/self/oom_score_adj', '1000');
  } catch {
    // not on Linux
  }
}

async function tried({ onnx, engines }: Given): Promise<Outcome> {
  try {
    // the engine that takes the whole model: a single node might be taken by an earlier one
    const { engine, session } = await openSession(onnx, { engines });
    await session.release();
    return { engine, found: await qualify(compile(onnx), onnx, { engines: [engine] }) };
  } catch (error) {
    const { code, message, help = 'do not sell this model' } = describeFailure(error);
    return { code, message, help };
  }
}

process.once('disconnect', () => process.exit(0));
process.once('message', async (given: Given) => {
  stepBack();
  process.send!(await tried(given), () => process.exit(0));
});
