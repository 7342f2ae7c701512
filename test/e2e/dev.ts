import { Town } from './town.ts';
import { createRun, passDraw, registerDigits } from './school.ts';
import { parseEther } from 'ethers';
const t0 = performance.now(); const log = (...a: unknown[]) => console.log(((performance.now()-t0)/1000).toFixed(1), ...a);
process.chdir('/work/wt/trainer');
const town = await Town.open(); log('town');
try {
const [initiator, backer] = await Promise.all([town.connect('modeller'), town.connect('requester')]);
await (await town.connect('alice')).staking.provide(parseEther('3000'), undefined, 'training'); log('staked');
const dataset = await registerDigits(town, initiator); log('dataset');
const { runId, terms } = await createRun(town, initiator, dataset); log('created', runId);
const { budget } = await backer.training.view(runId); log('budget', budget);
await backer.training.back(runId, budget); log('backed');
await passDraw(town); log('mined');
const alice = await town.provider('alice', '--train', `${terms.token}=1`, '--checkpoint-every', '2'); log('alice');
let shown = 0;
const until = async (f: () => boolean, s = 60) => { const e = Date.now() + s*1000; while (!f()) { for (; shown < alice.lines.length; shown++) log('alice', JSON.stringify(alice.lines[shown]).slice(0, 400)); if (Date.now() > e) throw new Error('timeout'); await new Promise(r => setTimeout(r, 50)); } };
await until(() => alice.lines.filter(({event}) => event === 'committed').length >= 3);
await town.chain.send('hardhat_mine', ['0xf00']); await town.pass(86401); log('passed');
await until(() => alice.lines.some(({event}) => event === 'done'));
const seen = []; for await (const r of backer.training.watch(runId)) seen.push(r); log(seen);
} catch (e) { log(e); }
await town.close();
process.exit(0);
