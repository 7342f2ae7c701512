import type { Shape } from '../indexer/shape.ts';
import type { Certainty, Fact } from '../types/index.ts';

/** What documents are made of. */
export interface Asked {
  /** The entity, and the fields of one and of many of it. */
  readonly entity: string;
  readonly one: string;
  readonly many: string;
  /** Field by whose value they are ordered, greatest first; `id` where they tell no time. */
  readonly order: string;
  readonly shape: Pick<Shape<unknown>, 'select'>;
}

/** How rows of one kind are asked for. */
export interface List<T extends { certainty: Certainty }, Q = unknown> extends Asked {
  readonly shape: Shape<Fact<T>>;
  /** Fields that it cannot tell. */
  readonly missing?: readonly string[];
  /** The filter of a query. */
  where(query: Q): Record<string, unknown>;
}

/** The document of a page of rows: `$first` of them that match `$where`, as of `$block`. */
export const pageDocument = ({ entity, many, order, shape }: Asked): string =>
  `query($first: Int!, $where: ${entity}_filter!, $block: Block_height) { rows: ${many}(first: $first, where: $where, \
block: $block, orderBy: ${order}, orderDirection: desc)${withKeys(shape.select, order)} }`;

/** The document of one row by `$id`, as of `$block`. */
export const oneDocument = ({ one }: Asked, shape: Asked['shape']): string =>
  `query($id: ID!, $block: Block_height) { row: ${one}(id: $id, block: $block)${shape.select} }`;

/** Where a page goes on is told by the last row's values of the field it is ordered by and of the id. */
const withKeys = (select: string, order: string): string => select.replace(' {', ` { _order: ${order} _id: id`);

/** Leaves out what a query does not ask for. */
export const only = (filter: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined));
