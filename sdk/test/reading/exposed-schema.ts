import {
  buildSchema,
  type FieldDefinitionNode,
  type GraphQLSchema,
  Kind,
  type ObjectTypeDefinitionNode,
  parse,
  print,
  type TypeNode,
} from 'graphql';

const HEAD = `
directive @entity on OBJECT
scalar BigInt
scalar BigDecimal
scalar Bytes
scalar Int8
scalar Timestamp
enum OrderDirection { asc desc }
enum Aggregation_interval { hour day }
input Block_height { hash: Bytes number: Int number_gte: Int }
input BlockChangedFilter { number_gte: Int! }
type _Block_ { hash: Bytes number: Int! timestamp: Int parentHash: Bytes }
type _Meta_ { block: _Block_! deployment: String! hasIndexingErrors: Boolean! }
`;
const ORDERED = ['', '_not', '_gt', '_lt', '_gte', '_lte'];

/** What graph-node serves for a subgraph's schema: its entities with filters, order, pages and blocks. */
export function exposedSchema(source: string): GraphQLSchema {
  const document = parse(source);
  const enums = document.definitions.filter(({ kind }) => kind === Kind.ENUM_TYPE_DEFINITION).map(print);
  const types = document.definitions.filter((it) => it.kind === Kind.OBJECT_TYPE_DEFINITION);
  const entities = new Set(types.map(({ name }) => name.value));
  const parts = types.map((type) => exposed(type, entities));
  const queries = types.map((type) => queryFields(type)).join('\n');
  const query = `type Query { _meta(block: Block_height): _Meta_\n${queries} }`;
  return buildSchema([HEAD, ...enums, ...parts, query].join('\n'));
}

const directive = (type: ObjectTypeDefinitionNode, name: string) =>
  type.directives?.find((it) => it.name.value === name);
const isSeries = (type: ObjectTypeDefinitionNode) =>
  directive(type, 'entity')?.arguments?.some(({ name }) => name.value === 'timeseries') ?? false;

function exposed(type: ObjectTypeDefinitionNode, entities: ReadonlySet<string>): string {
  const name = type.name.value;
  const fields = type.fields ?? [];
  const shown = fields.map((field) => {
    const of = named(field.type);
    const args = isList(field.type) && entities.has(of) ? `(${pageArguments(of)})` : '';
    return `${field.name.value}${args}: ${print(field.type)}`;
  });
  const filters = fields.flatMap((field) => filterFields(field, entities));
  return [
    `type ${name} { ${shown.join('\n')} }`,
    `enum ${name}_orderBy { ${fields.map((field) => field.name.value).join(' ')} }`,
    `input ${name}_filter { ${filters.join('\n')}\n _change_block: BlockChangedFilter and: [${name}_filter] or: [${name}_filter] }`,
  ].join('\n');
}

function filterFields(field: FieldDefinitionNode, entities: ReadonlySet<string>): string[] {
  const [name, of] = [field.name.value, named(field.type)];
  const isEntity = entities.has(of);
  const nested = isEntity ? [`${name}_: ${of}_filter`] : [];
  if (field.directives?.some((it) => it.name.value === 'derivedFrom')) return nested;
  const scalar = isEntity ? 'String' : of;
  if (isList(field.type)) return [...nested, `${name}: [${scalar}!]`, `${name}_contains: [${scalar}!]`];
  const lists = ['_in', '_not_in'].map((suffix) => `${name}${suffix}: [${scalar}!]`);
  return [...nested, ...ORDERED.map((suffix) => `${name}${suffix}: ${scalar}`), ...lists];
}

const pageArguments = (of: string): string =>
  `skip: Int = 0, first: Int = 100, orderBy: ${of}_orderBy, orderDirection: OrderDirection, where: ${of}_filter`;

function queryFields(type: ObjectTypeDefinitionNode): string {
  const name = type.name.value;
  if (isSeries(type)) return '';
  const one = name[0].toLowerCase() + name.slice(1);
  const args = `${pageArguments(name)}, block: Block_height`;
  if (directive(type, 'aggregation')) return `${plural(one)}(interval: Aggregation_interval!, ${args}): [${name}!]!`;
  return `${one}(id: ID!, block: Block_height): ${name}\n${plural(one)}(${args}): [${name}!]!`;
}

function plural(word: string): string {
  if (/[^aeiou]y$/.test(word)) return `${word.slice(0, -1)}ies`;
  return /(s|x|ch|sh)$/.test(word) ? `${word}es` : `${word}s`;
}

const named = (type: TypeNode): string => (type.kind === Kind.NAMED_TYPE ? type.name.value : named(type.type));
const isList = (type: TypeNode): boolean =>
  type.kind === Kind.LIST_TYPE || (type.kind === Kind.NON_NULL_TYPE && isList(type.type));
