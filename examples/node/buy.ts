/** Buys one inference, prints what the model said, and checks it against the chain. */
import { readFileSync } from 'node:fs';
import { Essaim, EssaimError, StorageError } from '@essaim/sdk';
import { parseEther, Wallet } from 'ethers';

const { RPC, DEPLOYMENT, STORAGE, KEY_FILE, MODEL, PROGRAM } = process.env as Record<string, string>;

/** A handwritten one of 8×8 pixels, from 0 (paper) to 16 (ink). */
const pixels = [
  [0, 0, 0, 12, 13, 5, 0, 0],
  [0, 0, 0, 11, 16, 9, 0, 0],
  [0, 0, 3, 15, 16, 6, 0, 0],
  [0, 7, 15, 16, 16, 2, 0, 0],
  [0, 0, 1, 16, 16, 3, 0, 0],
  [0, 0, 1, 16, 16, 6, 0, 0],
  [0, 0, 1, 16, 16, 6, 0, 0],
  [0, 0, 0, 11, 16, 10, 0, 0],
].flat();

const essaim = await Essaim.connect({
  rpc: RPC,
  deployment: JSON.parse(readFileSync(DEPLOYMENT, 'utf8')),
  storage: STORAGE,
  signer: (provider) => new Wallet(readFileSync(KEY_FILE, 'utf8').trim(), provider),
});

try {
  const model = await essaim.models.load(BigInt(MODEL), PROGRAM);
  const run = essaim.jobs.run({
    model,
    inputs: pixels,
    token: essaim.deployment.addresses.MielToken,
    fee: parseEther('2'),
    collateral: parseEther('100'),
  });
  for await (const { stage } of run) console.log(stage);
  const { jobId, outputs, provider } = await run;
  const digit = outputs[0].find(({ name }) => name === 'digit');
  console.log(`${provider} reads ${digit?.data[0]}`);

  const { steps, fault } = await essaim.jobs.check(jobId);
  for (const { step, ...found } of steps) console.log(`checked ${step} ${JSON.stringify(found)}`);
  console.log(fault ? `wrong: element ${fault.element} of ${fault.node}` : 'nothing is wrong with it');
} catch (error) {
  if (!(error instanceof EssaimError || error instanceof StorageError)) throw error;
  console.error(`${error.code}: ${error.message}\n${error.help}`);
  process.exitCode = 1;
} finally {
  essaim.close();
}
