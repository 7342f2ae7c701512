#!/usr/bin/env node
import { asAccount, makeAccount, Program } from '@essaim/daemon';
import { useFastHashes } from '@essaim/runtime';
import { checkProvider } from './checks.ts';
import { collectEarned } from './collect.ts';
import { drainProvider } from './drain/command.ts';
import { PROVIDER } from './identity.ts';
import { announce } from './offers/announce.ts';
import { runProvider } from './run.ts';
import { publishSealingKey } from './sealed/command.ts';
import { simulateJob } from './simulate.ts';
import { stakeMiel } from './stake.ts';
import { providerStatus } from './status.ts';
import { unstakeMiel } from './unstake.ts';

useFastHashes();
await new Program(PROVIDER)
  .addInit()
  .add(
    'account <keystore>',
    'make an encrypted keystore, of a new account or of the one named',
    (options, secrets, file) => makeAccount(options, secrets, String(file)),
  )
  .add(
    'check [models...]',
    'say what is wrong: chain, contracts, storage, clock, disk, stake, device',
    async (...given) => {
      const [options, secrets, models] = given;
      if (!(await checkProvider(PROVIDER, options, secrets, (models ?? []) as string[]))) process.exitCode = 1;
    },
  )
  .add(
    'stake <miel> [what]',
    'put MIEL of the account at stake, for jobs or for training',
    asAccount(PROVIDER, (essaim, _options, _secrets, miel, what) =>
      stakeMiel(essaim, String(miel), what as string | undefined),
    ),
  )
  .add(
    'unstake [what]',
    'take back what is at stake and free, for jobs or for training: step by step',
    asAccount(PROVIDER, (essaim, _options, _secrets, what) => unstakeMiel(essaim, what as string | undefined)),
  )
  .add('collect', 'have paid out what waits: fees, bonds, bounties', asAccount(PROVIDER, collectEarned))
  .add(
    'sealing-key',
    'make the key that private jobs are sealed to, and publish it',
    asAccount(PROVIDER, publishSealingKey),
  )
  .add('run', 'take jobs, run them, answer for them and be paid', (options, secrets) =>
    runProvider(PROVIDER, options, secrets),
  )
  .add('announce', 'have requesters find what is sold: by an agent’s file', asAccount(PROVIDER, announce))
  .add(
    'drain [seconds]',
    'have the running daemon accept nothing new, and end when every claim of it is final, or after so long',
    (options, secrets, seconds) => drainProvider(PROVIDER, options, secrets, seconds as string | undefined),
  )
  .add('status', 'say what is at stake, pending and earned', (options, secrets) =>
    providerStatus(PROVIDER, options, secrets),
  )
  .add('simulate <job>', 'do all of a job but send nothing', (options, secrets, job) =>
    simulateJob(PROVIDER, options, secrets, String(job)),
  )
  .main();
