// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ITrainingRegistry} from "../interfaces/ITrainingRegistry.sol";

/// @notice A run in one slot, read and written whole. Offsets in bits, from the least significant: state 0 ‖ epoch 8 ‖
/// round 24 ‖ settled 48 ‖ turn 72 ‖ turns 96 ‖ time 120 ‖ steps 152 ‖ seats 168 ‖ depth 184 ‖ rounds 192 ‖
/// roundSeconds 216 ‖ scored 240
type PackedRun is uint256;

/// @notice A trainer in one slot: seat 0 ‖ turn 16 ‖ open 40 ‖ aggregating 56 ‖ locks 72 ‖ pending 80 ‖ convicted 88 ‖
/// lock 96 ‖ steps 136 ‖ aggregations 168 ‖ dependants 192 ‖ marked 208 ‖ aggregated 232
type PackedTrainer is uint256;

using {unpackRun} for PackedRun global;
using {unpackTrainer, settled} for PackedTrainer global;

function unpackRun(PackedRun packed) pure returns (ITrainingRegistry.Run memory r) {
    uint256 word = PackedRun.unwrap(packed);
    r.state = ITrainingRegistry.State(uint8(word));
    r.epoch = uint16(word >> 8);
    r.round = uint24(word >> 24);
    r.settled = uint24(word >> 48);
    r.turn = uint24(word >> 72);
    r.turns = uint24(word >> 96);
    r.time = uint32(word >> 120);
    r.steps = uint16(word >> 152);
    r.seats = uint16(word >> 168);
    r.depth = uint8(word >> 184);
    r.rounds = uint24(word >> 192);
    r.roundSeconds = uint24(word >> 216);
    r.scored = (word >> 240) & 1 == 1;
}

function packRun(ITrainingRegistry.Run memory r) pure returns (PackedRun) {
    uint256 word = uint256(r.state) | (uint256(r.epoch) << 8) | (uint256(r.round) << 24) | (uint256(r.settled) << 48);
    word |= (uint256(r.turn) << 72) | (uint256(r.turns) << 96) | (uint256(r.time) << 120);
    word |= (uint256(r.steps) << 152) | (uint256(r.seats) << 168) | (uint256(r.depth) << 184);
    if (r.scored) word |= 1 << 240;
    return PackedRun.wrap(word | (uint256(r.rounds) << 192) | (uint256(r.roundSeconds) << 216));
}

function unpackTrainer(PackedTrainer packed) pure returns (ITrainingRegistry.Trainer memory t) {
    uint256 word = PackedTrainer.unwrap(packed);
    t.seat = uint16(word);
    t.turn = uint24(word >> 16);
    t.open = uint16(word >> 40);
    t.aggregating = uint16(word >> 56);
    t.locks = uint8(word >> 72);
    t.pending = uint8(word >> 80);
    t.convicted = uint8(word >> 88) != 0;
    t.lock = uint40(word >> 96);
    t.steps = uint32(word >> 136);
    t.aggregations = uint24(word >> 168);
    t.dependants = uint16(word >> 192);
    t.marked = uint24(word >> 208);
    t.aggregated = uint24(word >> 232);
}

function packTrainer(ITrainingRegistry.Trainer memory t) pure returns (PackedTrainer) {
    uint256 word = uint256(t.seat) | (uint256(t.turn) << 16) | (uint256(t.open) << 40);
    word |= (uint256(t.aggregating) << 56) | (uint256(t.locks) << 72) | (uint256(t.pending) << 80);
    if (t.convicted) word |= 1 << 88;
    word |= (uint256(t.lock) << 96) | (uint256(t.steps) << 136);
    word |= (uint256(t.marked) << 208) | (uint256(t.aggregated) << 232);
    return PackedTrainer.wrap(word | (uint256(t.aggregations) << 168) | (uint256(t.dependants) << 192));
}

/// @dev A trainer after one of its final batches: what it earned, and its mark, its lock in use and, where it has no seat,
/// the lock itself less. Sums cannot overflow: a run has fewer than 2^32 steps and 2^24 rounds.
/// @param turn whose mark it is
/// @param good verified steps, or 1 for an aggregation
/// @return next the trainer then
/// @return open whether the batch was marked at all
/// @return lock to be released; zero while the seat is held
function settled(
    PackedTrainer packed,
    bool steps,
    uint256 turn,
    uint256 good
) pure returns (PackedTrainer next, bool open, uint256 lock) {
    unchecked {
        uint256 word = PackedTrainer.unwrap(packed);
        uint256 mark = (steps ? 40 : 56) + (turn % 16);
        open = (word >> mark) & 1 == 1 && turn + 16 > uint24(word >> (steps ? 208 : 232));
        if (uint16(word) == 0) {
            lock = uint40(word >> 96);
            word -= 1 << 72;
        }
        next = PackedTrainer.wrap(word - (1 << mark) - (1 << 80) + (good << (steps ? 136 : 168)));
    }
}
