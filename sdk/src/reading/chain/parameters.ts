import { decodeBytes32String } from 'ethers';
import { unitOf } from '../../governance/parameters.ts';
import type { ParameterRow } from '../types/index.ts';
import { steadily } from './steady.ts';
import { by, type View } from './view.ts';

/** All parameters with their history. */
export async function parametersAt(view: View): Promise<ParameterRow[]> {
  const { ProtocolParameters } = view.contracts;
  const [rows, events] = await Promise.all([
    steadily('reading the parameters', async () => {
      const count = Number(await ProtocolParameters.count(view.at));
      return Promise.all(Array.from({ length: count }, (_, i) => ProtocolParameters.parameter(i, view.at)));
    }),
    view.events('ProtocolParameters', ['Changed']),
  ]);
  const time = await view.times(events);
  const changesOf = by(events, 'key');
  return rows.map(({ key, value }) => {
    const name = decodeBytes32String(key);
    const changes = changesOf(key).map((event) => {
      const { epoch, before, value } = event.args;
      return { epoch: Number(epoch), before, value, time: time(event) };
    });
    return { name, unit: unitOf(name), value, epoch: changes.at(-1)?.epoch ?? 1, changes };
  });
}
