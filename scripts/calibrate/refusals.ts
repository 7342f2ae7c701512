import { compile } from '@essaim/protocol';
import { qualify } from '@essaim/runtime';
import type { Runner } from '../lib/engines.ts';
import { kernelOf, type Measure } from './measure.ts';
import { isFaulty } from './report.ts';

/**
 * The kernels of a software adapter which the qualification that `check` runs refuses, of those that did not do as they
 * must. Engines for which the judges are made get no such leave.
 */
export async function refusals(found: readonly Measure[], engines: readonly Runner[]): Promise<ReadonlySet<string>> {
  const software = new Set(engines.filter((engine) => engine.software).map(({ name }) => name));
  const refused = new Set<string>();
  for (const measure of found) {
    const kernel = kernelOf(measure);
    if (refused.has(kernel) || !software.has(measure.engine) || !isFaulty(measure)) continue;
    const { onnx } = measure.case;
    const { qualified, advice } = await qualify(compile(onnx), onnx, { engines: ['webgpu'] });
    if (!qualified) refused.add(kernel);
    console.log(`${kernel.replaceAll('\t', ', ')}: ${qualified ? 'NOT refused' : advice[0]}`);
  }
  return refused;
}
