import { connectTo, type Identity, need, requireAccount, type Secrets } from '@essaim/daemon';
import { chainFailure, fetchInputs, findTerms, JobState } from '@essaim/sdk';
import { formatEther } from 'ethers';
import { taskOf } from './admission.ts';
import { inputFaultOf } from './input-fault.ts';
import { openShop } from './open-shop.ts';
import type { ProviderOptions, providerTable } from './options.ts';
import { refusalOf, requireStake } from './policy.ts';
import { withSample } from './sample.ts';
import { contentsOf } from './sealed/contents.ts';
import { selfCheck } from './self-check.ts';
import { openSelling } from './selling.ts';

const STATES = Object.fromEntries(Object.entries(JobState).map(([name, state]) => [String(state), name.toLowerCase()]));

/** Does all that a provider would do for a job but sends nothing, and prints what came of it. */
export async function simulateJob(
  { prefix }: Identity<typeof providerTable>,
  options: ProviderOptions,
  secrets: Secrets,
  jobId: string,
): Promise<void> {
  const values = need(options, prefix, 'rpc', 'deployment', 'storage');
  const account = await requireAccount(values, secrets);
  const essaim = await connectTo(values, (provider) => account.connect(provider));
  const tell = (what: string, found: string): void => console.log(secrets.hide(`${what.padEnd(10)}  ${found}`));
  try {
    const shop = await openShop(essaim, values, () => {});
    const { contracts, deployment, models } = essaim;
    const { state } = await contracts.JobMarket.job(jobId);
    const terms = await findTerms(contracts, jobId, deployment.startBlock);
    const until = new Date(Number(terms.deadline) * 1_000).toISOString();
    tell('job', `${STATES[String(state)] ?? state}, ${terms.count} inputs, due ${until}`);
    tell('fee', `${terms.fee} of ${terms.token} for each input`);
    tell('policy', refusalOf(shop.policy, terms, account.address) ?? 'it would be taken');
    await requireStake(essaim, terms, account.address).then(
      () => tell('stake', `enough: ${formatEther(terms.collateral)} MIEL or the floor would be locked`),
      (error: Error) => tell('stake', error.message),
    );
    const { program, onnx, manifest } = await models.load(terms.model, terms.programId);
    tell('model', `${manifest.name}: ${program.operators.length} operators, compiles to the program that is asked for`);
    const { qualifier, capacity } = openSelling(shop, values);
    const record = await qualifier.find({ program, onnx });
    const tried = record && `this device is ${record.isQualified ? '' : 'not '}qualified for it on ${record.engine}`;
    tell('device', tried ?? `not tried on it yet: check --model ${terms.model}`);
    const [task, head] = [taskOf(terms, { program }), await essaim.provider.getBlock('latest')];
    const late = capacity.refusal(jobId, task, head?.timestamp ?? 0)?.message;
    tell('time', late ?? 'alone it would be submitted in time');
    const inputs = await fetchInputs(await contentsOf(shop, terms), program, terms);
    const fault = inputFaultOf(program, inputs);
    tell('inputs', fault ? `at fault: ${fault.reason}` : 'served, and in range');
    if (fault) return;
    const began = performance.now();
    for (const input of inputs) {
      const trace = await shop.trace(program, onnx, input);
      selfCheck(await withSample(shop, trace, onnx));
    }
    tell(
      'run',
      `${inputs.length} inputs in ${((performance.now() - began) / 1_000).toFixed(2)} s, judged by itself: permitted`,
    );
    const accept = await contracts.JobMarket.accept.populateTransaction(terms);
    await essaim.signer!.estimateGas(accept).then(
      (gas) => tell('accepting', `would take ${gas} gas; nothing was sent`),
      async (cause) => {
        const { message } = await chainFailure(cause, 'accepting the job');
        tell('accepting', `${message}; nothing was sent`);
      },
    );
  } finally {
    essaim.close();
  }
}
