/**
 * Buys one inference: node sdk/examples/inference.ts  with RPC, DEPLOYMENT (file), STORAGE, KEY_FILE, MODEL and PROGRAM
 * (ids) in the environment. Reads one handwritten digit.
 */
import { readFileSync } from 'node:fs';
import { Essaim } from '@essaim/sdk';
import { parseEther, Wallet } from 'ethers';

const { RPC, DEPLOYMENT, STORAGE, KEY_FILE, MODEL, PROGRAM } = process.env as Record<string, string>;
const essaim = await Essaim.connect({
  rpc: RPC,
  deployment: JSON.parse(readFileSync(DEPLOYMENT, 'utf8')),
  storage: STORAGE,
  signer: (provider) => new Wallet(readFileSync(KEY_FILE, 'utf8').trim(), provider),
});
const model = await essaim.models.load(BigInt(MODEL), PROGRAM);
const pixels = new Float32Array(64).map((_, i) => (i % 8 === 3 || i % 8 === 4 ? 16 : 0));
const token = essaim.deployment.addresses.MielToken;
const run = essaim.jobs.run({ model, inputs: pixels, token, fee: parseEther('2'), collateral: parseEther('100') });
for await (const { stage } of run) console.log(stage);
const { outputs } = await run;
console.log(`reads ${outputs[0].find(({ name }) => name === 'digit')?.data[0]}`);
essaim.close();
