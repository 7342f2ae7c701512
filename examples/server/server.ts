/** POST /read with 64 pixels as JSON: has them read, and pays for it as long as the budget lasts. */
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { Essaim, EssaimError, StorageError } from '@essaim/sdk';
import { parseEther, Wallet } from 'ethers';
import { Budget } from './budget.ts';

const {
  RPC,
  DEPLOYMENT,
  STORAGE,
  KEY_FILE,
  MODEL,
  PROGRAM,
  BUDGET = '10',
  PORT = '8080',
} = process.env as Record<string, string>;

const essaim = await Essaim.connect({
  rpc: RPC,
  deployment: JSON.parse(readFileSync(DEPLOYMENT, 'utf8')),
  storage: STORAGE,
  signer: (provider) => new Wallet(readFileSync(KEY_FILE, 'utf8').trim(), provider),
});
const model = await essaim.models.load(BigInt(MODEL), PROGRAM);
const budget = new Budget(parseEther(BUDGET));

/** Buys one reading; what a job that was never posted would have cost goes back to the budget. */
async function read(pixels: number[], signal: AbortSignal): Promise<object> {
  const token = essaim.deployment.addresses.MielToken;
  const request = { model, inputs: pixels, token, fee: parseEther('2'), collateral: parseEther('100') };
  const job = await essaim.jobs.prepare(request, signal);
  if (!budget.take(job.cost)) {
    throw new EssaimError('BUDGET_SPENT', `a reading costs ${job.cost}, ${budget.left} are left`, {
      help: 'ask who runs this server for more',
    });
  }
  const run = essaim.jobs.run(job, { signal, timeout: 120_000 });
  try {
    const { jobId, outputs } = await run;
    return { jobId, digit: Number(outputs[0].find(({ name }) => name === 'digit')?.data[0]) };
  } catch (error) {
    if (run.jobId === undefined) budget.giveBack(job.cost);
    throw error;
  }
}

const server = createServer(async (request, response) => {
  const answer = (status: number, body: object) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  const gone = new AbortController();
  response.on('close', () => gone.abort());
  try {
    if (request.method !== 'POST' || request.url !== '/read') return answer(404, { help: 'POST /read' });
    answer(200, await read(await pixelsOf(request), gone.signal));
  } catch (error) {
    const isOurs = error instanceof EssaimError || error instanceof StorageError;
    const { code, message, help } = isOurs ? error : { code: 'FAILED', message: 'no reading', help: 'try again' };
    answer(statusOf(code), { code, message, help });
  }
});

async function pixelsOf(request: IncomingMessage): Promise<number[]> {
  if (Number(request.headers['content-length'] ?? Infinity) > 10_000) throw invalid();
  const pixels: unknown = await text(request).then(JSON.parse).catch(invalid);
  if (!Array.isArray(pixels) || !pixels.every((pixel) => typeof pixel === 'number')) throw invalid();
  return pixels;
}

const invalid = () => new EssaimError('INPUT_INVALID', 'no list of numbers', { help: 'send 64 numbers from 0 to 16' });

function statusOf(code: string): number {
  if (code.startsWith('INPUT_')) return 400;
  return code === 'BUDGET_SPENT' ? 429 : 502;
}

server.listen(Number(PORT), '127.0.0.1', () => {
  const address = server.address();
  console.log(`listening on http://127.0.0.1:${typeof address === 'object' ? address?.port : PORT}`);
});
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => {
    server.close();
    server.closeAllConnections();
    essaim.close();
  });
