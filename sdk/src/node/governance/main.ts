#!/usr/bin/env node
import { Argument, Command, Option } from 'commander';
import { proposalId } from '../../governance/proposals.ts';
import { SUPPORT, type Support, type VotesOf } from '../../governance/signed.ts';
import type { Step } from '../../governance/steps.ts';
import { main } from '../command-line.ts';
import { address, big } from '../data/options.ts';
import { type Connected, connected, reader, sender, signing } from './connected.ts';
import { type DraftFlags, draftOf, draftOptions, readSignedFile } from './options.ts';
import { poolCommands } from './pool-commands.ts';
import { simulate } from './simulate.ts';
import { actionsOf, parametersOf, powerOf, print, summaryOf } from './tell.ts';

type PowerFlags = Connected & { at?: bigint; proposal?: string };
type DelegateFlags = Connected & { of: VotesOf | 'both'; expiry?: bigint };
type VoteFlags = Connected & { reason: string };
type DraftingFlags = Connected & DraftFlags & { proposal?: string };

const power = (account: string, flags: PowerFlags) =>
  connected(flags, true, async ({ governance }) => {
    const view = flags.proposal === undefined ? undefined : await governance.proposal(proposalId(flags.proposal));
    const at = flags.at ?? (view && view.snapshot < view.now ? view.snapshot : undefined);
    print(powerOf(await governance.power(account, at)));
  });

const delegate = (to: string, flags: DelegateFlags) =>
  connected(flags, false, async ({ governance }) => {
    const ledgers: VotesOf[] = flags.of === 'both' ? ['token', 'stake'] : [flags.of];
    const { expiry, nonce } = flags;
    if (flags.sign) for (const of of ledgers) print(await governance.signDelegation(to, of, { expiry, nonce }));
    else {
      for (const of of ledgers) await governance.delegate(to, of);
      print({ delegated: ledgers, to });
    }
  });

const parameters = (flags: Connected) =>
  connected(flags, true, async ({ governance }) => print(parametersOf(await governance.parameters())));

const list = (flags: Connected) =>
  connected(flags, true, async ({ governance }) => print((await governance.proposals()).map(summaryOf)));

const show = (id: string, flags: Connected) =>
  connected(flags, true, async ({ governance }) => {
    const view = await governance.proposal(proposalId(id));
    const actions = actionsOf(await governance.decode(view.actions));
    const outcome = view.state === 'executed' ? await governance.outcome(view.id) : undefined;
    print({ ...summaryOf(view), text: view.text, actions, outcome });
  });

const propose = (flags: DraftingFlags) =>
  connected(flags, false, async ({ governance }) => {
    const prepared = await governance.prepare(await draftOf(governance, flags));
    if (flags.sign) return print(await governance.signProposal(prepared));
    await governance.propose(prepared);
    print({
      proposed: prepared.id,
      title: prepared.title,
      actions: actionsOf(await governance.decode(prepared.actions)),
    });
  });

/** Says what a proposal, or a draft, would do if it were carried out; ends with 1 where it cannot be. */
const tryOut = (id: string | undefined, flags: DraftingFlags) =>
  connected(flags, true, async ({ governance, deployment }) => {
    const proposal =
      id === undefined
        ? await governance.prepare({ ...(await draftOf(governance, flags)), title: flags.title ?? 'Draft' }, NOBODY)
        : await governance.proposal(proposalId(id));
    const result = await simulate(flags.rpc, deployment, proposal);
    print({ actions: actionsOf(await governance.decode(proposal.actions)), ...result });
    if ('reverted' in result) process.exitCode = 1;
  });

/** A draft that is only tried out is nobody's. */
const NOBODY = `0x${'0'.repeat(40)}`;

const vote = (id: string, support: Support, flags: VoteFlags) =>
  connected(flags, false, async ({ governance }) => {
    const { reason, nonce } = flags;
    if (flags.sign) return print(await governance.signVote(proposalId(id), support, { reason, nonce }));
    await governance.vote(proposalId(id), support, reason);
    print(summaryOf(await governance.proposal(proposalId(id))));
  });

const step = (name: Step) => (id: string, flags: Connected) =>
  connected(flags, false, async ({ governance }) => {
    if (flags.sign) return print(await governance.signStep(proposalId(id), name));
    await governance[name](proposalId(id));
    print(summaryOf(await governance.proposal(proposalId(id))));
  });

const send = (files: string[], flags: Connected) =>
  connected(flags, false, async ({ governance }) => {
    for (const file of files) print({ file, transaction: await governance.relay(readSignedFile(file)) });
  });

const program = new Command('essaim-governance').description('What holders of MIEL decide, and how');
reader(program.command('power').argument('<account>', 'whose', address))
  .description('voting power and where it comes from: liquid, staked, through pools')
  .option('--at <seconds>', 'at the end of this second (default: now)', big)
  .option('--proposal <id>', 'when the vote on this proposal began')
  .action(power);
signing(sender(program.command('delegate').argument('<account>', 'who votes', address)))
  .description('let another vote with your MIEL; yourself takes it back')
  .addOption(new Option('--of <which>', 'liquid MIEL, staked MIEL').choices(['token', 'stake', 'both']).default('both'))
  .option('--expiry <seconds>', 'until when a signed delegation can be sent (default: a week)', big)
  .action(delegate);
reader(program.command('parameters'))
  .description('every number that governance may set, its bounds, and what one change may make of it')
  .action(parameters);
reader(program.command('list')).description('all proposals: state, time left, votes, quorum').action(list);
reader(program.command('show <id>')).description('one proposal, its calls in names and units').action(show);
signing(draftOptions(sender(program.command('propose'))))
  .description('make a proposal')
  .action(propose);
draftOptions(reader(program.command('simulate [id]')))
  .description('carry a proposal, or a draft, out on a copy of the chain and say what is other afterwards')
  .action(tryOut);
signing(sender(program.command('vote').argument('<id>')))
  .description('vote, for good, with all the votes you had when the vote began')
  .addArgument(new Argument('<support>').choices(Object.keys(SUPPORT)))
  .option('--reason <text>', 'stands on the chain', '')
  .action(vote);
signing(sender(program.command('queue <id>')))
  .description('put what passed into the timelock')
  .action(step('queue'));
signing(sender(program.command('execute <id>')))
  .description('carry out what has waited')
  .action(step('execute'));
signing(sender(program.command('cancel <id>')))
  .description('take your own back before its vote')
  .action(step('cancel'));
sender(program.command('send <file...>'))
  .description('send what others signed, JSON from files or "-": delegations, votes, transactions')
  .action(send);
poolCommands(program);

await main(program);
