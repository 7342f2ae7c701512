/**
 * Asks a real indexer all that the SDK asks one, and keeps its answers for the tests: node sdk/test/reading/record.ts URL.
 * To be run again when a query changes; `./essaim demo --stay` ends with an indexer to ask.
 */
import { writeFileSync } from 'node:fs';
import { Endpoint } from '../../src/reading/indexer/endpoint.ts';
import { lists, ones } from '../../src/reading/queries/index.ts';
import { oneDocument, pageDocument } from '../../src/reading/queries/lists.ts';
import { overviewDocument } from '../../src/reading/queries/overview.ts';

const ROWS = 3;
const endpoint = new Endpoint({ url: process.argv[2] });
const recorded: Record<string, unknown> = {};
for (const list of Object.values(lists)) {
  const { rows } = await endpoint.ask(pageDocument(list), { first: ROWS, where: {} });
  recorded[list.many] = rows;
}
for (const { list, shape } of Object.values(ones)) {
  const [first] = recorded[list.many] as { _id: string }[];
  const { row } = first ? await endpoint.ask(oneDocument(list, shape), { id: first._id }) : { row: null };
  recorded[list.one] = row;
}
recorded.overview = await endpoint.ask(overviewDocument, { interval: 'day', from: '0' });
writeFileSync(new URL('recorded.json', import.meta.url), `${JSON.stringify(recorded, null, 1)}\n`);
