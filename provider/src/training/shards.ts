import { EssaimError } from '@essaim/protocol';
import type { BatchSource, RunParts } from '@essaim/sdk';
import type { TrainingShop } from './shop.ts';

/** The first of a trainer's own data sets that a private run can be trained on. SHARD_COLUMNS if none is. */
export function shardOf({ shards = [] }: Pick<TrainingShop, 'shards'>, { program, terms, manifest }: RunParts) {
  const inputs = program.inputs.slice(terms.tensors + 1);
  const fits = ({ columns, rows }: BatchSource): boolean =>
    rows > 0 &&
    columns.length === inputs.length &&
    inputs.every(({ type: { dtype, dims } }, i) => {
      const { dtype: own, shape } = columns[i];
      return own === dtype && `${shape}` === `${dims.slice(1)}`;
    });
  const found = shards.find(fits);
  if (found) return found;
  const show = (name: string, dtype: string, dims: readonly number[]) => `${name} ${dtype}[${dims}]`;
  const wanted = inputs.map(({ name, type }) => show(name, type.dtype, type.dims.slice(1))).join(', ');
  throw new EssaimError('SHARD_COLUMNS', `no shard given has the columns that ${manifest.name} is trained on`, {
    help: `import a data set with the columns ${wanted}, in this order, and name its folder with --shard`,
    details: {
      shards: shards.map(({ columns, rows }) => ({
        rows,
        columns: columns.map(({ name, dtype, shape }) => show(name, dtype, shape)),
      })),
    },
  });
}
