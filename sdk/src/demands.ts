import { type ChainQuestion, demandId, type Question, questionArgument, questionFrom } from '@essaim/protocol';
import { pastLogs } from './chain/logs.ts';
import { send } from './chain/send.ts';
import { unlessDone } from './chain/unless-done.ts';
import { DemandStatus } from './contracts/states.ts';
import type { Essaim } from './essaim.ts';

/** Questions asked about a batch since `fromBlock`. */
export async function demandsOf(essaim: Essaim, batchId: string, fromBlock: number): Promise<Question[]> {
  const { provider, contracts } = essaim;
  const { Availability } = contracts;
  const topics = [Availability.getEvent('Demanded').fragment.topicHash, null, batchId];
  const head = await provider.getBlockNumber();
  const questions: Question[] = [];
  for await (const log of pastLogs(provider, { address: await Availability.getAddress(), topics, fromBlock }, head)) {
    const event = Availability.interface.parseLog(log);
    if (event) questions.push(questionFrom(event.args as unknown as ChainQuestion));
  }
  return questions;
}

/**
 * Divides the bonds of an ended batch's demands that `account` asked or answered, and fetches its coins.
 * @returns wei fetched
 */
export async function settleDemands(
  essaim: Essaim,
  batchId: string,
  fromBlock: number,
  account: string,
  signal?: AbortSignal,
): Promise<bigint> {
  const { Availability } = essaim.contracts;
  const questions = await demandsOf(essaim, batchId, fromBlock);
  if (questions.length === 0 || !essaim.signer) return 0n;
  let since: number | undefined;
  for (const question of questions) {
    const demand = async () => {
      const { status, answerer } = await Availability.demand(questionArgument(question));
      return { waits: status === DemandStatus.Open || status === DemandStatus.Answered, answerer };
    };
    const { waits, answerer } = await demand();
    if (!waits || (question.demander !== account && answerer !== account)) continue;
    const call = await Availability.settle.populateTransaction(questionArgument(question));
    const sent = await send(essaim.signer, call, `settling demand ${demandId(question)}`, { signal }).catch(
      unlessDone(['Availability_Status'], async () => !(await demand()).waits),
    );
    since = sent?.blockNumber ?? since;
  }
  // a node that does not have the last of them says so, and not that nothing is owed
  const credit = await Availability.credit(account, { blockTag: since });
  if (credit === 0n) return 0n;
  const call = await Availability.withdraw.populateTransaction();
  const fetched = await send(essaim.signer, call, 'fetching coins from demands', { signal }).catch(
    unlessDone(['Availability_NoCredit'], async () => (await Availability.credit(account)) === 0n),
  );
  return fetched ? credit : 0n;
}
