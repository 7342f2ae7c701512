import {
  Approval,
  ApprovalForAll,
  Priced,
  Registered,
  Transfer,
  VersionAdded,
} from '../generated/DatasetRegistry/DatasetRegistry';
import { Dataset, DatasetVersion } from '../generated/schema';
import { agent } from './agents';
import { approved, approvedForAll } from './approvals';
import { asset } from './assets';
import { numberId, protocol, ZERO } from './protocol';

export function datasetRegistryRegistered(event: Registered): void {
  const at = event.params;
  const row = asset(at.dataset);
  const dataset = new Dataset(row.id);
  dataset.number = at.dataset;
  dataset.asset = row.id;
  dataset.owner = agent(at.owner).id;
  dataset.typesHash = at.typesHash;
  dataset.token = at.token;
  dataset.price = at.price;
  dataset.rows = ZERO;
  dataset.createdAt = event.block.timestamp;
  dataset.save();
  row.kind = 'Dataset';
  row.dataset = dataset.id;
  row.owner = dataset.owner;
  row.save();
  const sums = protocol();
  sums.datasets += 1;
  sums.save();
}

export function datasetRegistryVersionAdded(event: VersionAdded): void {
  const at = event.params;
  const dataset = Dataset.load(numberId(at.dataset))!;
  dataset.rows = at.rows;
  dataset.save();
  const version = new DatasetVersion(dataset.id.concatI32(at.version.toI32()));
  version.dataset = dataset.id;
  version.version = at.version.toI32();
  version.columnsRoot = at.columnsRoot;
  version.rows = at.rows;
  version.manifest = at.manifest;
  version.time = event.block.timestamp;
  version.save();
}

export function datasetRegistryPriced(event: Priced): void {
  const dataset = Dataset.load(numberId(event.params.dataset))!;
  dataset.token = event.params.token;
  dataset.price = event.params.price;
  dataset.save();
}

export function datasetRegistryTransfer(event: Transfer): void {
  const row = asset(event.params.tokenId);
  row.owner = agent(event.params.to).id;
  row.save();
  const dataset = Dataset.load(row.id);
  if (dataset == null) return; // it is registered right after it is minted
  dataset.owner = event.params.to;
  dataset.save();
}

export function datasetRegistryApproval(event: Approval): void {
  approved(event, event.params.owner, event.params.approved, event.params.tokenId);
}

export function datasetRegistryApprovalForAll(event: ApprovalForAll): void {
  approvedForAll(event, event.params.owner, event.params.operator, event.params.approved);
}
