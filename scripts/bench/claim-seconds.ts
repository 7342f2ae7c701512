import { parseEther } from 'ethers';
import { Town } from '../../test/e2e/town.ts';

const CLAIMS = 50;
const MINUTE = 60_000;
const STAKE = parseEther('20000');

const until = (time: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, Math.max(0, time - performance.now())));

/**
 * Seconds from the block of each of fifty claims, posted evenly over a minute on a local chain, until a verifier with its
 * standard options says that it is checked; ascending. Provider, verifier, chain and storage share this machine.
 */
export async function claimSeconds(): Promise<number[]> {
  const town = await Town.open();
  const blocks = new Map<string, number>();
  const checked = new Map<string, number>();
  try {
    const requester = await town.connect('requester');
    const { JobMarket } = requester.contracts;
    const seen = setInterval(async () => {
      const logs = await JobMarket.queryFilter(JobMarket.filters.Submitted(), 0).catch(() => []);
      for (const { args } of logs) if (!blocks.has(args.jobId)) blocks.set(args.jobId, performance.now());
    }, 20);
    // what is at stake for one claim is bound until its window ends
    const [founder, alice] = await Promise.all([town.connect('founder'), town.connect('alice')]);
    await (await founder.contracts.MielToken.transfer(await alice.signer!.getAddress(), STAKE)).wait();
    await alice.staking.provide(STAKE);
    await town.provider('alice');
    const verifier = await town.verifier('verifier', '--polling', '4000');
    const jobs: Promise<string>[] = [];
    const began = performance.now();
    for (let i = 0; i < CLAIMS; i++) {
      await until(began + (i * MINUTE) / CLAIMS);
      const job = town.post(town.models.cnn, 'alice');
      jobs.push(job);
      void job
        .then((id) => verifier.heard('checked', id))
        .then(({ jobId }) => checked.set(String(jobId), performance.now()));
    }
    const ids = await Promise.all(jobs);
    await Promise.all(ids.map((id) => verifier.heard('checked', id)));
    clearInterval(seen);
    for (const essaim of [requester, founder, alice]) essaim.close();
    return ids.map((id) => (checked.get(id)! - blocks.get(id)!) / 1_000).sort((a, b) => a - b);
  } finally {
    await town.close();
  }
}
