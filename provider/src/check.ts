import { readFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { type Check, type Finding, ok, wrong } from '@essaim/daemon';
import { compile } from '@essaim/protocol';
import { type Engine, externalFolder, type Qualification, qualify } from '@essaim/runtime';

const finding = ({ operator, shape, contract, sharp, convicted, voids }: Qualification['kernels'][number]): Finding => {
  const outcome = convicted > 0 ? 'CONVICTED' : voids > 0 ? 'void' : 'safe';
  const told = `${outcome.padEnd(9)}  ${operator.padEnd(20)} ${shape.padEnd(40)} ${contract.toFixed(2)} of the contract, ${sharp.toFixed(2)} of sharp`;
  return outcome === 'safe' ? ok(told) : wrong(told, 'see the advice below');
};

/** What a qualification found: each kernel shape, and what to do where one breaks the contract. */
export function findingsOf({ engine, qualified, kernels, advice }: Qualification): Finding[] {
  const verdict = qualified
    ? ok(`This device is qualified for the model on ${engine}.`)
    : wrong(
        `This device is not qualified for the model on ${engine}: an honest run could be convicted or go unpaid.`,
        ['do not sell it on this engine', ...advice].join('; '),
      );
  return [...kernels.map(finding), verdict];
}

/** Whether this device computes a model file as the protocol asks: chosen and natural data, judged by the judges' twins. */
export const modelCheck = (file: string, engines: readonly Engine[]): Check => ({
  name: basename(file),
  async run() {
    const onnx = new Uint8Array(readFileSync(file));
    const folder = dirname(file);
    const program = compile(onnx, { external: externalFolder(folder) });
    return findingsOf(await qualify(program, onnx, { engines, folder }));
  },
});
