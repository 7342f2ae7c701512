import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { compile, EssaimError } from '@essaim/protocol';
import { type Engine, externalFolder, type Qualification, qualify } from '@essaim/runtime';

const line = ({ operator, shape, contract, sharp, convicted, voids }: Qualification['kernels'][number]): string => {
  const outcome = convicted > 0 ? 'CONVICTED' : voids > 0 ? 'void' : 'safe';
  return `  ${outcome.padEnd(9)}  ${operator.padEnd(20)} ${shape.padEnd(40)} ${contract.toFixed(2)} of the contract, ${sharp.toFixed(2)} of sharp`;
};

/** What a qualification found, for people: a line for each kernel shape, and what to do where one breaks the contract. */
export function describeQualification({ engine, qualified, kernels, advice }: Qualification): string {
  const verdict = qualified
    ? `This device is qualified for the model on ${engine}.`
    : `This device is not qualified for the model on ${engine}: an honest run could be convicted or go unpaid.`;
  return [...kernels.map(line), verdict, ...advice].join('\n');
}

/** Runs chosen and natural data through every kernel shape of a model file and prints what its judges say. */
export async function checkModel(file: string, engines: readonly Engine[]): Promise<void> {
  const onnx = new Uint8Array(readFileSync(file));
  const folder = dirname(file);
  const program = compile(onnx, { external: externalFolder(folder) });
  const qualification = await qualify(program, onnx, { engines, folder });
  console.log(describeQualification(qualification));
  if (qualification.qualified) return;
  throw new EssaimError('DEVICE_UNQUALIFIED', `this device must not sell ${file} on ${qualification.engine}`, {
    help: 'do what the lines above advise, or sell it on another engine',
  });
}
