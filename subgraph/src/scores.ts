import { BigDecimal, BigInt, Bytes } from '@graphprotocol/graph-ts';
import { Committed, Drawing, Missed, Scored } from '../generated/ScoredRounds/ScoredRounds';
import { Update } from '../generated/schema';
import { agent } from './agents';
import { roundOf } from './runs';

function update(round: Bytes, seat: i32, time: BigInt): Update {
  const id = round.concatI32(seat);
  const kept = Update.load(id);
  if (kept != null) return kept;
  const made = new Update(id);
  made.round = round;
  made.seat = seat;
  made.time = time;
  return made;
}

export function scoredRoundsCommitted(event: Committed): void {
  const at = event.params;
  const round = roundOf(at.runId, at.turn);
  round.save();
  const row = update(round.id, at.seat, event.block.timestamp);
  row.trainer = agent(at.trainer).id;
  row.commitment = at.commitment;
  row.missed = null;
  row.save();
}

export function scoredRoundsDrawing(event: Drawing): void {
  const round = roundOf(event.params.runId, event.params.turn);
  round.drawRound = event.params.round;
  round.save();
}

export function scoredRoundsScored(event: Scored): void {
  const at = event.params;
  const round = roundOf(at.runId, at.turn);
  const before = float32(at.before);
  const after = float32(at.later);
  const row = update(round.id, at.seat, event.block.timestamp);
  row.before = before;
  row.after = after;
  row.gain = at.gain;
  row.save();
  const best = round.after;
  if (best === null || after.lt(best)) {
    round.before = before;
    round.after = after;
  }
  round.save();
}

export function scoredRoundsMissed(event: Missed): void {
  const at = event.params;
  const round = roundOf(at.runId, at.turn);
  round.save();
  const row = update(round.id, at.seat, event.block.timestamp);
  row.trainer = agent(at.trainer).id;
  row.missed = at.late ? 'Late' : 'Excused';
  row.save();
}

/** The value of a finite float32 with these bits. */
function float32(bits: BigInt): BigDecimal {
  const value = <f64>reinterpret<f32>(<u32>bits.toU64());
  return BigDecimal.fromString(value.toString());
}
