import { Essaim, EssaimError, StorageError } from '@essaim/sdk';
import { parseEther } from 'ethers';
import { Pad } from './pad.ts';
import { signer } from './wallet.ts';

const element = (id: string) => document.getElementById(id) as HTMLButtonElement;
const pad = new Pad(element('pad'));
const stages = element('stages');
const answer = element('answer');

function show(text: string): void {
  const item = document.createElement('li');
  item.textContent = text;
  stages.append(item);
}

async function connect() {
  const { rpc, storage, deployment, model, program } = await (await fetch('./config.json')).json();
  const essaim = await Essaim.connect({ rpc, storage, deployment, signer });
  return { essaim, model: await essaim.models.load(BigInt(model), program) };
}
let connected: ReturnType<typeof connect> | undefined;

async function read(): Promise<void> {
  connected ??= connect();
  const { essaim, model } = await connected;
  const run = essaim.jobs.run({
    model,
    inputs: pad.pixels,
    token: essaim.deployment.addresses.MielToken,
    fee: parseEther('2'),
    collateral: parseEther('100'),
  });
  for await (const { stage } of run) show(stage);
  const { jobId, outputs } = await run;
  const { fault } = await essaim.jobs.check(jobId, { onStep: ({ step }) => show(`checked: ${step}`) });
  const digit = outputs[0].find(({ name }) => name === 'digit')?.data[0];
  answer.textContent = fault ? `It says ${digit}, and that is wrong: ${fault.node}.` : `It is a ${digit}.`;
}

element('clear').addEventListener('click', () => pad.clear());
element('read').addEventListener('click', async () => {
  element('read').disabled = true;
  stages.replaceChildren();
  answer.textContent = '';
  try {
    await read();
  } catch (error) {
    connected = undefined;
    const isOurs = error instanceof EssaimError || error instanceof StorageError;
    answer.textContent = isOurs ? `${error.message}. ${error.help}` : String(error);
  } finally {
    element('read').disabled = false;
  }
});
