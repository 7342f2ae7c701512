import { account, address, amount, as, count, hex, inner, list, nullable, object } from '../indexer/shape.ts';
import type { Fact, ModelProgramRow, ModelQuery, ModelRow } from '../types/index.ts';
import { assetParts } from './assets.ts';
import { type List, only } from './lists.ts';

const program = object<ModelProgramRow>({
  id: as('program', inner('id', hex)),
  manifest: hex,
  barred: as('program', inner('barred', nullable(hex))),
  time: count,
});

export const models: List<ModelRow, ModelQuery> = {
  entity: 'Model',
  one: 'model',
  many: 'models',
  order: 'createdAt',
  shape: object<Fact<ModelRow>>({
    id: as('number', amount),
    owner: account,
    token: address,
    price: amount,
    run: nullable(inner('id', hex)),
    programs: as('programs(first: 100, orderBy: time)', list(program)),
    ...assetParts,
    createdAt: count,
  }),
  where: ({ owner, program, run }) =>
    only({
      owner: owner?.toLowerCase(),
      run: run?.toLowerCase(),
      programs_: program && { program: program.toLowerCase() },
    }),
};
