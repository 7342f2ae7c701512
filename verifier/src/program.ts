import { malformedProof, type Program, toHex, ZERO_HASH } from '@essaim/protocol';
import { ZeroAddress } from 'ethers';
import { act, type Desk } from './case.ts';

/**
 * Bars a program that this chain cannot judge: one of its operators names a judge that is not registered. No other rule
 * of programs is broken by one that was compiled here.
 */
export async function barUnjudged(desk: Desk, { id, operators, trees }: Program, signal?: AbortSignal): Promise<void> {
  const { JudgeRegistry, Malformed } = desk.essaim.contracts;
  const first = new Map(operators.map((op, i) => [`${op.opcode}/${op.judge}`, i] as const).toReversed());
  for (const operator of first.values()) {
    const { opcode, judge } = operators[operator];
    if ((await JudgeRegistry.judge(opcode, judge)) !== ZeroAddress) continue;
    if ((await Malformed.barred(id)) !== ZERO_HASH) return;
    const proof = malformedProof(trees, { kind: 'leaf', operator });
    const call = await Malformed.proveMalformed.populateTransaction(toHex(proof));
    await act(desk, call, `barring program ${id}`, signal);
    desk.say({ event: 'barred', programId: id, operator: operators[operator].name, node: operators[operator].node });
    return;
  }
}
