import { accountFolder, folderOf, type Identity, runDaemon, type Secrets } from '@essaim/daemon';
import { openTracer } from '@essaim/runtime';
import { AuditAnswers } from './audits/answers.ts';
import { Auditor } from './audits/auditor.ts';
import { KeptAudits } from './audits/kept.ts';
import { oneByOne } from './one-by-one.ts';
import { enginesOf, type VerifierSettings, type verifierTable } from './options.ts';
import { Purse } from './purse.ts';
import { Verifier } from './verifier.ts';

/** Checks what is submitted, or what its seat is drawn for, until it is told to stop. */
export const runVerifier = (
  identity: Identity<typeof verifierTable>,
  options: VerifierSettings,
  secrets: Secrets,
): Promise<void> =>
  runDaemon(identity, options, secrets, async ({ essaim, say, part }) => {
    const { patience, bondBudget, all, steps, audits, assignedOnly } = options;
    const account = await essaim.signer!.getAddress();
    const purse = bondBudget === undefined ? undefined : new Purse(essaim, account, bondBudget);
    const trace = oneByOne(openTracer({ engines: enginesOf(options) }));
    const folder = accountFolder(folderOf(options.data), essaim.deployment.chainId, account);
    const desk = { essaim, trace, say, patience, purse, kept: new KeptAudits(folder), alone: assignedOnly };
    const verifier = new Verifier(essaim, trace, say, { patience, purse, sampling: { all, steps } });
    const [auditor, answers] = [new Auditor(desk), new AuditAnswers(desk)];
    await Promise.all([
      ...(assignedOnly ? [] : [part('claims', (signal) => verifier.run(signal))]),
      ...(audits || assignedOnly
        ? [part('audits', (signal) => auditor.run(signal)), part('answers', (signal) => answers.run(signal))]
        : []),
    ]);
  });
