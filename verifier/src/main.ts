#!/usr/bin/env node
import { addEngine, ENGINES, type Engine, openTracer } from '@essaim/runtime';
import { type ConnectionOptions, connectionOptions, daemon, main, milliseconds } from '@essaim/sdk/node';
import { Command } from 'commander';
import { Verifier } from './verifier.ts';

interface RunOptions extends ConnectionOptions {
  engine?: Engine[];
  patience?: number;
}

/** Checks everything that is submitted until it is told to stop; speaks in lines of JSON. */
const run = (options: RunOptions) =>
  daemon(options, (essaim, say, signal) =>
    new Verifier(essaim, openTracer({ engines: options.engine ?? ['cpu'] }), say, options.patience).run(signal),
  );

const program = new Command('essaim-verifier').description(
  'Re-executes what providers submit and convicts wrong numbers',
);
connectionOptions(program.command('run').description('check everything that is submitted'))
  .option('--engine <name>', `${ENGINES.join(', ')}; repeatable, tried in order (default: cpu)`, addEngine)
  .option(
    '--patience <ms>',
    'how long missing content is waited for before it is demanded (default: 600000)',
    milliseconds,
  )
  .action(run);

await main(program);
