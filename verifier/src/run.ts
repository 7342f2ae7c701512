import {
  accountFolder,
  type Daemon,
  executionOf,
  folderOf,
  type Identity,
  runDaemon,
  runKeyless,
  type Secrets,
} from '@essaim/daemon';
import { EssaimError } from '@essaim/protocol';
import { openPool } from '@essaim/runtime';
import type { Essaim } from '@essaim/sdk';
import { AuditAnswers } from './audits/answers.ts';
import { Auditor } from './audits/auditor.ts';
import { KeptAudits } from './audits/kept.ts';
import { Bonds } from './bonds.ts';
import { CaseBudget } from './case-budget.ts';
import { type Consent, watching } from './consent.ts';
import type { VerifierEvent } from './events.ts';
import { Fleet } from './fleet/fleet.ts';
import { type Look, looker } from './fleet/look.ts';
import { ASSIGNED, Lanes } from './lanes.ts';
import { enginesOf, type VerifierSettings, type verifierTable } from './options.ts';
import { oversee } from './oversight/oversee.ts';
import { Queue } from './oversight/queue.ts';
import { attentionOf, lotOf } from './policy/attention-of.ts';
import { Eye } from './policy/eye.ts';
import { Purse } from './purse.ts';
import { Tally } from './tally.ts';
import { Verifier } from './verifier.ts';

/** Checks what is submitted, or what its seat is drawn for, until it is told to stop. OPTION_CONFLICT */
export function runVerifier(
  identity: Identity<typeof verifierTable>,
  options: VerifierSettings,
  secrets: Secrets,
): Promise<void> {
  const isAuditing = options.audits || options.assignedOnly;
  if (isAuditing && options.mode !== 'auto') {
    throw new EssaimError('OPTION_CONFLICT', `audits are done by themselves, not in mode ${options.mode}`, {
      help: 'a missed audit costs stake: use --mode auto, or resign the seat',
    });
  }
  const tally = new Tally();
  const pages = { '/verdicts': tally.page };
  const work = (daemon: Daemon) => checking(daemon, options, tally);
  return options.mode === 'watch'
    ? runKeyless(identity, options, secrets, work, pages)
    : runDaemon(identity, options, secrets, work, pages);
}

async function checking(
  { essaim, say: tell, part, metrics }: Daemon,
  options: VerifierSettings,
  tally: Tally,
): Promise<void> {
  const { patience, bondBudget, challengeBudget, all, steps, audits, assignedOnly } = options;
  const say = (event: VerifierEvent): void => {
    tally.note(event);
    tell(event);
  };
  const account = await essaim.signer?.getAddress();
  const folder = accountFolder(folderOf(options.data), essaim.deployment.chainId, account ?? 'nobody');
  const budget =
    challengeBudget === undefined || !account ? undefined : new CaseBudget(essaim, account, challengeBudget, say);
  const purse = bondBudget === undefined || !account ? undefined : new Purse(essaim, account, bondBudget);
  const eye = new Eye(essaim, attentionOf(essaim, options), (waiting, slack) => {
    metrics.set('essaim_backlog_claims', waiting);
    if (slack !== undefined) metrics.set('essaim_backlog_slack_seconds', slack);
  });
  const execution = executionOf(options, 'process');
  const pool = openPool({ engines: enginesOf(options), ...execution, tell: say, note: eye.timed });
  const lanes = new Lanes(pool.trace, pool.width, undefined, Number.POSITIVE_INFINITY);
  const trace = lanes.at(ASSIGNED);
  const alone = looker({ essaim, trace });
  const fleet = options.queue ? await fleetOf(options.queue, essaim, options, alone, say) : undefined;
  const queue = options.mode === 'oversight' ? new Queue(folder) : undefined;
  const consent: Consent | undefined = queue ? oversee(essaim, queue, say) : account ? undefined : watching;
  const sampling = { all, steps, lot: lotOf(essaim, options) };
  const look = fleet?.look ?? alone;
  const verifier = new Verifier(essaim, trace, say, { patience, purse, budget, sampling, consent, eye, lanes, look });
  const desk = { essaim, trace, say, patience, purse, budget, kept: new KeptAudits(folder), alone: assignedOnly };
  const [auditor, answers] = [new Auditor(desk), new AuditAnswers(desk)];
  await Promise.all([
    ...(account ? [part('bonds', (signal) => new Bonds(essaim, account, say).run(signal))] : []),
    ...(assignedOnly ? [] : [part('claims', (signal) => verifier.run(signal))]),
    ...(audits || assignedOnly
      ? [part('audits', (signal) => auditor.run(signal)), part('answers', (signal) => answers.run(signal))]
      : []),
  ]);
  queue?.close();
  await Promise.all([pool.close(), fleet?.close()]);
}

const fleetOf = (
  address: string,
  { deployment }: Essaim,
  { queuePatience }: VerifierSettings,
  alone: Look,
  say: (event: VerifierEvent) => void,
): Promise<Fleet> =>
  Fleet.open({
    ...{ address, deployment, alone, patience: 1_000 * queuePatience },
    tell: (failure) => say({ event: 'fleet', ...failure }),
  });
