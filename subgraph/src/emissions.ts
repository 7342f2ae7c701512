import { BigInt } from '@graphprotocol/graph-ts';
import { Claimed, DataClaimed, Recorded } from '../generated/Emissions/Emissions';
import { FeesBurned as MarketFeesBurned } from '../generated/JobMarket/JobMarket';
import { FeesBurned as RunFeesBurned } from '../generated/RunEscrow/RunEscrow';
import { DataReward, Work } from '../generated/schema';
import { agent, earned } from './agents';
import { asset } from './assets';
import { flowedMiel, protocol } from './protocol';

export function emissionsRecorded(event: Recorded): void {
  const at = event.params;
  const work = new Work(at.work);
  work.operator = agent(at.operator).id;
  work.day = at.day;
  work.burned = at.burned;
  work.asks = at.asks;
  work.recordedAt = event.block.timestamp;
  work.save();
}

export function emissionsClaimed(event: Claimed): void {
  const at = event.params;
  const work = Work.load(at.work)!;
  work.payee = at.payee;
  work.toOperator = at.toOperator;
  work.toDelegators = at.toDelegators;
  work.claimedAt = event.block.timestamp;
  work.save();
  earned(at.payee, protocol().miel, at.toOperator);
}

export function emissionsDataClaimed(event: DataClaimed): void {
  const at = event.params;
  const dataset = asset(at.dataset).id;
  const reward = new DataReward(at.work.concat(dataset));
  reward.work = at.work;
  reward.dataset = dataset;
  reward.amount = at.amount;
  reward.time = event.block.timestamp;
  reward.save();
}

export function jobMarketFeesBurned(event: MarketFeesBurned): void {
  burned(event.params.amount);
}

export function runEscrowFeesBurned(event: RunFeesBurned): void {
  burned(event.params.amount);
}

function burned(amount: BigInt): void {
  const sums = protocol();
  sums.feesBurned = sums.feesBurned.plus(amount);
  sums.save();
  flowedMiel('FeesBurned', amount);
}
