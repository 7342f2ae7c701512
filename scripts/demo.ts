/**
 * The whole protocol on one machine: a chain, storage, two providers (one lies about a single number), a verifier, and
 * 20 jobs on real handwritten digits; then two trainers (one lies about a single gradient) train a network on them.
 * ./essaim demo [--stay]
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Progress } from './demo/progress.ts';
import { Stage } from './demo/stage.ts';
import { tellStory } from './demo/story.ts';
import { recordFigure } from './figures.ts';

const { values } = parseArgs({ options: { stay: { type: 'boolean', default: false } } });
const began = performance.now();
const folder = mkdtempSync(join(tmpdir(), 'essaim-demo-'));
const progress = new Progress();
const stage = new Stage(folder, progress);

let stopping: Promise<void> | undefined;
const stop = (): Promise<void> => {
  stopping ??= stage.close().finally(() => rmSync(folder, { recursive: true, force: true }));
  return stopping;
};
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => stop().then(() => process.exit(130)));
}

try {
  await stage.open();
  progress.end();
  console.log(`${stage.where}: everything below happens there, each daemon is a process of its own`);
  const outcome = await stage.play();
  progress.end();
  const seconds = (performance.now() - began) / 1000;
  console.log(tellStory(outcome, seconds));
  recordFigure('time.demo', { value: seconds, unit: 's', aim: { atMost: 60 }, command: './essaim demo' });
  if (values.stay) {
    console.log(`\n${stage.lookAround}`);
    progress.step('starting an indexer');
    const indexer = await stage.index().catch((error: Error) => error);
    progress.end();
    console.log(
      'url' in indexer ? `  everything that happened, by GraphQL: ${indexer.url}` : `  no indexer: ${indexer.message}`,
    );
    await new Promise(() => {});
  }
} finally {
  progress.end();
  await stop();
}
