import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { blinded, type Hash } from '@essaim/protocol';
import type { Essaim, JobRequest, Model } from '@essaim/sdk';
import { expect } from 'chai';
import { parseEther } from 'ethers';
import { modelPath } from '../../models/digits/digits.ts';
import { accounts, type Role } from '../../scripts/demo/accounts.ts';
import type { Line } from '../../scripts/lib/processes.ts';
import { FEE, type Town } from './town.ts';

/** Registers one of the digit models, blinded. */
export async function publishBlinded(town: Town, name: Parameters<typeof modelPath>[0]): Promise<Model> {
  const [modeller, onnx] = await Promise.all([town.connect('modeller'), readFile(modelPath(name))]);
  const texts = { name: 'Digits, blinded', description: 'Reads digits', licence: 'CC BY 4.0' };
  const token = town.deployment.addresses.MielToken;
  const model = { onnx: blinded(new Uint8Array(onnx)), ...texts, price: 0n, token };
  return modeller.models.publish(model).finally(() => modeller.close());
}

/** A request for a sealed job on one input. */
export const sealedRequest = (town: Town, model: Model, inputs: Float32Array, by: Role): JobRequest => ({
  ...{ model, inputs, token: town.deployment.addresses.MielToken, fee: FEE, sealed: true },
  ...{ collateral: parseEther('100'), provider: accounts(town.chain)[by].address },
});

/** Runs a command of a program to its end; what it printed. */
export async function command(
  town: Town,
  program: 'provider' | 'verifier',
  role: Role,
  ...words: string[]
): Promise<string> {
  const args = [`${program}/src/main.ts`, ...words, ...town.common(), '--key-file', town.keyFile(role)];
  const { stdout } = await promisify(execFile)(process.execPath, [...args, '--data', town.data(role)]);
  return stdout;
}

export const linesOf = (printed: string): Line[] =>
  printed
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

/** Posts a sealed job and hands it over by the command once it has a result; where what the verifier gets lies. */
export async function handedOver(
  town: Town,
  requester: Essaim,
  request: JobRequest,
  ...more: string[]
): Promise<{ jobId: Hash; file: string }> {
  let jobId = '' as Hash;
  let key = '';
  for await (const stage of requester.jobs.run(request)) {
    if (stage.stage === 'posted') [jobId, key] = [stage.jobId, stage.key!];
    if (stage.stage === 'submitted') break;
  }
  const [keyFile, file] = ['key', 'handed'].map((name) => join(town.folder, `${name}-${jobId}`));
  writeFileSync(keyFile, key);
  const words = ['hand-over', jobId, file, '--job-key-file', keyFile, ...more];
  expect(await command(town, 'verifier', 'requester', ...words)).to.contain('nothing else');
  const handed = JSON.parse(readFileSync(file, 'utf8'));
  expect(Object.keys(handed)).to.deep.equal(['kind', 'chainId', 'market', 'jobId', 'key']);
  return { jobId, file };
}
