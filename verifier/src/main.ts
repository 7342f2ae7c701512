#!/usr/bin/env node
import { homedir } from 'node:os';
import { join } from 'node:path';
import { addEngine, ENGINES, type Engine, openTracer } from '@essaim/runtime';
import { type ConnectionOptions, connectionOptions, daemon, main, milliseconds } from '@essaim/sdk/node';
import { Command, InvalidArgumentError } from 'commander';
import { AuditAnswers } from './audits/answers.ts';
import { Auditor } from './audits/auditor.ts';
import { KeptAudits } from './audits/kept.ts';
import { close, enroll, refresh, resign, seat } from './audits/seat-commands.ts';
import { oneByOne } from './one-by-one.ts';
import { Purse } from './purse.ts';
import { PATIENCE, Verifier } from './verifier.ts';

interface RunOptions extends ConnectionOptions {
  engine?: Engine[];
  patience?: number;
  bondBudget?: bigint;
  all: boolean;
  steps: number;
  audits: boolean;
  assignedOnly: boolean;
  data: string;
}

/** Checks what is submitted, or what its seat is drawn for, until it is told to stop; speaks in lines of JSON. */
const run = (options: RunOptions) =>
  daemon(options, async (essaim, say, signal) => {
    const { engine = ['cpu'], patience = PATIENCE, bondBudget, all, steps, audits, assignedOnly } = options;
    const account = await essaim.signer!.getAddress();
    const purse = bondBudget === undefined ? undefined : new Purse(essaim, account, bondBudget);
    const trace = oneByOne(openTracer({ engines: engine }));
    const kept = new KeptAudits(join(options.data, String(essaim.deployment.chainId), account.toLowerCase()));
    const desk = { essaim, trace, say, patience, purse, kept, alone: assignedOnly };
    const work = [
      ...(assignedOnly ? [] : [new Verifier(essaim, trace, say, { patience, purse, sampling: { all, steps } })]),
      ...(audits || assignedOnly ? [new Auditor(desk), new AuditAnswers(desk)] : []),
    ];
    await Promise.all(work.map((part) => part.run(signal)));
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
  .option('--audits', 'do the audits too that this account’s seat is drawn for', false)
  .option('--assigned-only', 'do those audits, convict what fails them, and check nothing else', false)
  .option('--data <folder>', 'what audits are answered for with', join(homedir(), '.essaim', 'verifier'))
  .action(run);
connectionOptions(program.command('enroll').description('take an auditor’s seat, drawn from the next term on'))
  .option('--provide <wei>', 'MIEL to stake and provision for audits first', wei)
  .action(enroll);
connectionOptions(program.command('refresh').description('weigh the seat’s stake anew')).action(refresh);
connectionOptions(program.command('resign').description('leave the seat from the next term on')).action(resign);
connectionOptions(program.command('close').description('have the bond of a seat back that was left')).action(close);
connectionOptions(program.command('seat').description('say what seat this account has')).action(seat);

await main(program);
