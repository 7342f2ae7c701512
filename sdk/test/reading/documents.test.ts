import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { parse, validate } from 'graphql';
import { knowsDocument, standingDocument } from '../../src/reading/indexer/standing.ts';
import { lists, ones } from '../../src/reading/queries/index.ts';
import { oneDocument, pageDocument } from '../../src/reading/queries/lists.ts';
import { overviewDocument } from '../../src/reading/queries/overview.ts';
import { exposedSchema } from './exposed-schema.ts';

const schema = exposedSchema(readFileSync(new URL('../../../subgraph/schema.graphql', import.meta.url), 'utf8'));
const faults = (document: string): string[] => validate(schema, parse(document)).map(({ message }) => message);

describe('what an indexer is asked', () => {
  it('is there to ask: every list, as the subgraph’s schema has it', () => {
    for (const [name, list] of Object.entries(lists)) expect(faults(pageDocument(list)), name).to.be.empty;
  });

  it('is there to ask: every single thing', () => {
    for (const [name, { list, shape }] of Object.entries(ones))
      expect(faults(oneDocument(list, shape)), name).to.be.empty;
  });

  it('is there to ask: where it stands, and sums', () => {
    for (const document of [standingDocument, knowsDocument, overviewDocument]) expect(faults(document)).to.be.empty;
  });

  it('narrows lists by fields that can be filtered', () => {
    const [address, id] = [`0x${'1'.repeat(40)}`, `0x${'2'.repeat(64)}`];
    const queries: Record<string, object[]> = {
      models: [{ owner: address, program: id, run: id }],
      jobs: [{ requester: address, provider: address, model: 1n, program: id, state: ['posted', 'paid'] }],
      batches: [{ executor: address, client: address, isRejected: true }],
      datasets: [{ owner: address }],
      runs: [{ initiator: address, dataset: 1n, state: 'running' }],
      agents: ['provider', 'requester', 'trainer', 'auditor', 'challenger', 'staker', 'any'].map((role) => ({ role })),
      proposals: [{ proposer: address, stage: 'queued' }],
      audits: [{ batch: id, auditor: address, state: 'struck', passed: false }],
      demands: [{ batch: id, demander: address, state: 'open' }],
      faults: [{ batch: id }],
      holdings: [{ holder: address }],
    };
    for (const [name, list] of Object.entries(lists)) {
      const fields = Object.keys(filterOf(list.entity));
      for (const query of queries[name])
        expect(fields, name).to.include.members(Object.keys(list.where(query as never)));
    }
  });

  it('would be noticed where it is not there', () => {
    expect(faults('{ jobs(first: 1) { colour } }')).to.have.lengthOf(1);
    expect(faults('{ jobs(first: 1, where: { colour: "red" }) { id } }')).to.have.lengthOf(1);
  });
});

function filterOf(entity: string): Record<string, unknown> {
  const filter = schema.getType(`${entity}_filter`);
  return filter && 'getFields' in filter ? filter.getFields() : {};
}
