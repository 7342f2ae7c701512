import { type Command, Option } from 'commander';
import { isAddress } from 'ethers';
import type { Essaim } from '../../essaim.ts';
import { Names } from '../../governance/names.ts';
import { address, big } from '../data/options.ts';
import { type Connected, connected, reader, sender } from './connected.ts';
import { miel } from './options.ts';
import { backingOf, poolOf, print } from './tell.ts';

type ShowFlags = Connected & { for: 'jobs' | 'training' };

const show = (name: string, flags: ShowFlags) =>
  connected(flags, true, async ({ pools, contracts }) => {
    const pool = isAddress(name) ? await pools.of(name, flags.for) : await pools.get(big(name));
    const names = await Names.of(contracts);
    print(poolOf(pool, await pools.yields(pool.id), (it) => names.show(it)));
  });

const backings = (account: string, flags: Connected) =>
  connected(flags, true, async ({ pools }) => print((await pools.backings(account)).map(backingOf)));

/** Runs `work` on a pool as the signer, and prints what the signer then has in it. */
const acting = (flags: Connected, id: bigint, work: (pools: Essaim['pools']) => Promise<unknown>) =>
  connected(flags, false, async ({ pools, signer }) => {
    const made = await work(pools);
    print({ ...backingOf(await pools.backing(id, await signer!.getAddress())), ...(made ? { paid: made } : {}) });
  });

const back = (id: bigint, amount: bigint, flags: Connected) => acting(flags, id, (pools) => pools.back(id, amount));
const withdraw = (id: bigint, flags: Connected) => acting(flags, id, (pools) => pools.withdraw(id));
const claim = (id: bigint, flags: Connected) => acting(flags, id, (pools) => pools.claim(id));
const leave = (id: bigint, shares: bigint | undefined, flags: Connected) =>
  acting(flags, id, (pools) => pools.leave(id, shares));

/** Adds the commands for backing operators. */
export function poolCommands(program: Command): void {
  const of = (name: string) => program.command(name).argument('<pool>', 'its number', big);
  reader(program.command('pool <number-or-operator>'))
    .description('a pool: own and delegated stake, the operator’s cut, and what it brought after that')
    .addOption(new Option('--for <what>', 'which of an operator’s').choices(['jobs', 'training']).default('jobs'))
    .action(show);
  reader(program.command('pools').argument('<account>', 'whose', address))
    .description('every pool that an account backs, and what it has there')
    .action(backings);
  sender(of('back').argument('<amount>', 'of MIEL', miel))
    .description('back an operator: share its fees and its slashes')
    .action(back);
  sender(of('leave').argument('[shares]', 'default: all', big))
    .description('begin to leave')
    .action(leave);
  sender(of('withdraw')).description('take out what has thawed').action(withdraw);
  sender(of('claim')).description('be paid what you earned there').action(claim);
}
