#!/usr/bin/env node
import { type Action, collectWaiting, connectTo, makeAccount, need, Program, requireAccount } from '@essaim/daemon';
import { useFastHashes } from '@essaim/runtime';
import type { Essaim } from '@essaim/sdk';
import { close, enroll, refresh, resign, seat } from './audits/seat-commands.ts';
import { checkVerifier } from './checks.ts';
import { runWorker } from './fleet/worker.ts';
import { VERIFIER } from './identity.ts';
import type { VerifierSettings, verifierTable } from './options.ts';
import { withQueue } from './oversight/commands.ts';
import { runVerifier } from './run.ts';
import { checkSealed } from './sealed/check-sealed.ts';
import { writeHandOver } from './sealed/hand-over.ts';
import { simulateCheck } from './simulate.ts';
import { verifierStatus } from './status.ts';

/** A command that does one thing as the account. */
const asAccount =
  (work: (essaim: Essaim, options: VerifierSettings) => Promise<void>): Action<typeof verifierTable> =>
  async (options, secrets) => {
    const values = need(options, VERIFIER.prefix, 'rpc', 'deployment', 'storage');
    const account = await requireAccount(values, secrets);
    const essaim = await connectTo(values, (provider) => account.connect(provider));
    await work(essaim, options).finally(() => essaim.close());
  };

useFastHashes();
await new Program(VERIFIER)
  .addInit()
  .add(
    'account <keystore>',
    'make an encrypted keystore, of a new account or of the one named',
    (options, secrets, file) => makeAccount(options, secrets, String(file)),
  )
  .add(
    'check',
    'say what is wrong: chain, contracts, storage, clock, disk, account, seat',
    async (options, secrets) => {
      if (!(await checkVerifier(VERIFIER, options, secrets))) process.exitCode = 1;
    },
  )
  .add('run', 'check everything that is submitted', (options, secrets) => runVerifier(VERIFIER, options, secrets))
  .add('worker', 'look at submissions for the verifiers of a --queue, without a key', (options, secrets) =>
    runWorker(VERIFIER, options, secrets),
  )
  .add('status', 'say what is at stake and what it earned', (options, secrets) =>
    verifierStatus(VERIFIER, options, secrets),
  )
  .add(
    'collect',
    'have paid out what waits: bounties, and what is left of bonds',
    asAccount((essaim) => collectWaiting(essaim, [])),
  )
  .add('actions', 'list what waits for a person’s yes, and what was said', (options, secrets) =>
    withQueue(VERIFIER, options, secrets, (queue) => queue.all()),
  )
  .add('approve <action>', 'say yes to an action', (options, secrets, action) =>
    withQueue(VERIFIER, options, secrets, (queue) => [queue.answer(String(action), 'agreed')]),
  )
  .add('refuse <action>', 'say no to an action', (options, secrets, action) =>
    withQueue(VERIFIER, options, secrets, (queue) => [queue.answer(String(action), 'refused')]),
  )
  .add('simulate <job>', 'check one submission, and do nothing about it', (options, secrets, job) =>
    simulateCheck(VERIFIER, options, secrets, String(job)),
  )
  .add(
    'check-sealed <file>',
    'check the sealed job that its requester handed over in a file',
    (options, secrets, file) => checkSealed(VERIFIER, options, secrets, String(file)),
  )
  .add(
    'hand-over <job> <file>',
    'for a requester: write what a verifier needs to check a sealed job to a file',
    (options, secrets, job, file) => writeHandOver(VERIFIER, options, secrets, String(job), String(file)),
  )
  .add(
    'enroll',
    'take an auditor’s seat, drawn from the next term on',
    asAccount((essaim, { provide }) => enroll(essaim, provide)),
  )
  .add('refresh', 'weigh the seat’s stake anew', asAccount(refresh))
  .add('resign', 'leave the seat from the next term on', asAccount(resign))
  .add('close', 'have the bond of a seat back that was left', asAccount(close))
  .add('seat', 'say what seat this account has', asAccount(seat))
  .main();
