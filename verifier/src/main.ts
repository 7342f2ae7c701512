#!/usr/bin/env node
import { addEngine, ENGINES, type Engine, openTracer } from '@essaim/runtime';
import { type ConnectionOptions, connectionOptions, daemon, main, milliseconds } from '@essaim/sdk/node';
import { Command, InvalidArgumentError } from 'commander';
import { Purse } from './purse.ts';
import { Verifier } from './verifier.ts';

interface RunOptions extends ConnectionOptions {
  engine?: Engine[];
  patience?: number;
  bondBudget?: bigint;
  all: boolean;
  steps: number;
}

/** Checks everything that is submitted until it is told to stop; speaks in lines of JSON. */
const run = (options: RunOptions) =>
  daemon(options, async (essaim, say, signal) => {
    const { engine = ['cpu'], patience, bondBudget, all, steps } = options;
    const account = await essaim.signer!.getAddress();
    const purse = bondBudget === undefined ? undefined : new Purse(essaim, account, bondBudget);
    await new Verifier(essaim, openTracer({ engines: engine }), say, { patience, purse, sampling: { all, steps } }).run(
      signal,
    );
  });

const count = (text: string): number => {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 1) throw new InvalidArgumentError('a whole number from 1 on');
  return number;
};

const wei = (text: string): bigint => {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('a whole number of wei');
  return BigInt(text);
};

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
  .option('--bond-budget <wei>', 'most coin in bonds of demands at once (default: no bound)', wei)
  .option('--steps <count>', 'steps of each round of training that are run again', count, 4)
  .option('--all', 'run every step of every round of training again', false)
  .action(run);

await main(program);
