#!/usr/bin/env node
import { asAccount, collectWaiting, makeAccount, Program } from '@essaim/daemon';
import { useFastHashes } from '@essaim/runtime';
import { close, enroll, refresh, resign, seat } from './audits/seat-commands.ts';
import { checkVerifier } from './checks.ts';
import { runWorker } from './fleet/worker.ts';
import { VERIFIER } from './identity.ts';
import { withQueue } from './oversight/commands.ts';
import { runVerifier } from './run.ts';
import { checkSealed } from './sealed/check-sealed.ts';
import { writeHandOver } from './sealed/hand-over.ts';
import { simulateCheck } from './simulate.ts';
import { verifierStatus } from './status.ts';

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
    asAccount(VERIFIER, (essaim) => collectWaiting(essaim, [])),
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
    asAccount(VERIFIER, (essaim, { provide }) => enroll(essaim, provide)),
  )
  .add('refresh', 'weigh the seat’s stake anew', asAccount(VERIFIER, refresh))
  .add('resign', 'leave the seat from the next term on', asAccount(VERIFIER, resign))
  .add('close', 'have the bond of a seat back that was left', asAccount(VERIFIER, close))
  .add('seat', 'say what seat this account has', asAccount(VERIFIER, seat))
  .main();
