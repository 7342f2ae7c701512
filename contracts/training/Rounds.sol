// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IClaims} from "../interfaces/IClaims.sol";
import {ITrainingRegistry} from "../interfaces/ITrainingRegistry.sol";
import {BatchId} from "./BatchId.sol";
import {PackedTrainer} from "./Packed.sol";
import {Scores} from "./Scores.sol";

/// @notice What becomes of batches: {ITrainingRegistry-settle}, {ITrainingRegistry-drop}, {ITrainingRegistry-unlock}.
abstract contract Rounds is Scores {
    using BatchId for Contribution[];

    /// @dev After this long a closed run owes its dependants no more.
    uint256 private constant PATIENCE = 30 days;

    /// @inheritdoc ITrainingRegistry
    function settle(bytes32 runId, Round[] calldata rounds) external {
        Run memory row = _run(runId);
        if (row.state != State.Running && row.state != State.Stopped) _refuse(runId, row);
        if (!_open(row)) row.time = uint32(block.timestamp);
        Sums memory sums_;
        for (uint256 i = 0; i < rounds.length; ++i) {
            require(row.settled < row.round, TrainingRegistry_Round(row.settled));
            _settleRound(runId, row, rounds[i], sums_);
            emit Settled(runId, row.settled++);
        }
        _setRun(runId, row);
        Sums storage own = _sums[runId];
        (own.earned, own.voided, own.aggregations) = (
            own.earned + sums_.earned,
            own.voided + sums_.voided,
            own.aggregations + sums_.aggregations
        );
    }

    /// @inheritdoc ITrainingRegistry
    function drop(Terms calldata terms, Batch calldata batch) external {
        bytes32 runId = runIdOf(terms);
        bytes32 batchId = _batchId(runId, batch);
        require(CLAIMS.state(batchId) == IClaims.State.Rejected, TrainingRegistry_NotRejected(batchId));
        _close(runId, batch, false);
        Run memory row = _run(runId);
        bool inRun = _inRun(runId, row, batch) && batch.round >= row.settled;
        if (inRun) {
            if (row.round > batch.round) {
                (row.round, row.turn, row.time) = (batch.round, batch.turn, uint32(block.timestamp));
                if (row.seats == 1) _again(runId, row);
            }
            // what lists it and is in flight is refused
            if (row.seats > 1 && batch.contributions == 0) ++row.turns;
            _setRun(runId, row);
        }
        _free(runId, batch, inRun);
        if (row.scored && batch.contributions == 0) SCORES.strike(runId, batch.turn, batch.seat);

        if (!PENALTIES.collected(batchId)) PENALTIES.collect(batchId, msg.data[4:BATCH_END]);
        (uint256 slash, , uint256 share) = PARAMETERS.slashRules(row.epoch);
        uint64 pool = ESCROW.allot(uint64((((terms.collateral * slash) / BASIS) * share) / BASIS));
        _sums[runId].pool += pool;
        emit Dropped(runId, batch.trainer, batch.round, batch.turn, pool);
    }

    /// @inheritdoc ITrainingRegistry
    function unlock(Terms calldata terms, Batch calldata batch) external {
        bytes32 runId = runIdOf(terms);
        _voidsOf(_batchId(runId, batch));
        Run memory row = _run(runId);
        bool dependant = !_inRun(runId, row, batch);
        bool waits = !dependant && batch.round >= row.settled && row.state <= State.Stopped;
        require(!waits, TrainingRegistry_InRun(batch.round));
        Sums memory own = _sums[runId];
        Trainer memory trainer_ = _trainer(runId, batch.trainer);
        bool late = own.closed != 0 && block.timestamp > own.closed + PATIENCE;
        if (late || own.pool < terms.dependantPay || trainer_.convicted) dependant = false;
        if (dependant) {
            _sums[runId].pool = own.pool - terms.dependantPay;
            ++trainer_.dependants;
            _setTrainer(runId, batch.trainer, trainer_);
        }
        emit Unlocked(runId, batch.trainer, batch.round, dependant);
        _close(runId, batch, true);
    }

    function _settleRound(bytes32 runId, Run memory row, Round calldata round, Sums memory sums_) private {
        uint24 turn = uint24(_turns[runId][row.settled]);
        Batch memory batch = Batch(row.settled, turn, 0, 0, address(0), 0, 0, 0);
        Contribution[] calldata list = round.contributions;
        for (uint256 i = 0; i < list.length; ++i) {
            uint32 count = list[i].count;
            (batch.seat, batch.trainer, batch.count) = (
                list[i].seat,
                list[i].trainer,
                row.scored ? SCORE_CLAIMS : count
            );
            batch.checkpoint = list[i].checkpoint;
            uint32 voids = _voidsOf(BatchId.batchId(address(this), BatchId.subject(runId, batch)));
            if (row.scored && voids != 0) voids = count;
            (sums_.earned, sums_.voided) = (sums_.earned + count - voids, sums_.voided + voids);
            _pay(runId, batch, count - voids);
        }
        if (row.seats == 1) {
            require(list.length == 1, TrainingRegistry_Round(row.settled));
            return;
        }
        uint24 nextTurn = uint24(_turns[runId][row.settled + 1]);
        uint32 claims = uint32(list.length);
        batch = Batch(row.settled, turn, nextTurn, 0, round.aggregator, claims, round.checkpoint, list.digest());
        bool good = _voidsOf(BatchId.batchId(address(this), BatchId.subject(runId, batch))) == 0;
        if (good) ++sums_.aggregations;
        _pay(runId, batch, good ? 1 : 0);
    }

    /// @dev Ends the lock of a final batch and notes what it earned.
    function _pay(bytes32 runId, Batch memory batch, uint32 good) private {
        bool steps = batch.contributions == 0;
        uint256 turn = steps ? batch.turn : batch.nextTurn;
        (PackedTrainer own, bool open, uint256 lock) = _trainers[runId][batch.trainer].settled(steps, turn, good);
        require(open, TrainingRegistry_NotOpen(batch.trainer, turn));
        _trainers[runId][batch.trainer] = own;
        if (lock != 0) STAKE.release(batch.trainer, address(PENALTIES), lock, 0);
    }

    /// @dev Ends the lock of a batch; of a rejected one Penalties does.
    function _close(bytes32 runId, Batch calldata batch, bool release) private {
        Trainer memory own = _trainer(runId, batch.trainer);
        bool last = _unmark(own, batch);
        if (!release && !last) --own.locks;
        if (!release) own.convicted = true;
        _setTrainer(runId, batch.trainer, own);
        if (release && last) STAKE.release(batch.trainer, address(PENALTIES), own.lock, 0);
    }

    /// @dev Takes a batch out of the trainer's open ones; `last` where its lock is not needed again.
    function _unmark(Trainer memory own, Batch memory batch) private pure returns (bool last) {
        bool steps = batch.contributions == 0;
        (uint16 marks, uint24 newest) = steps ? (own.open, own.marked) : (own.aggregating, own.aggregated);
        uint256 turn = steps ? batch.turn : batch.nextTurn;
        uint16 bit = uint16(1) << uint16(turn % 16);
        require(marks & bit != 0 && turn + 16 > newest, TrainingRegistry_NotOpen(batch.trainer, batch.turn));
        if (steps) own.open = marks & ~bit;
        else own.aggregating = marks & ~bit;
        --own.pending;
        last = own.seat == 0;
        if (last) --own.locks;
    }

    /// @dev Takes the seat of a trainer whose batch was rejected. Of a batch of steps in the run none stands in its place:
    /// who takes the seat may submit that round.
    function _free(bytes32 runId, Batch calldata batch, bool inRun) private {
        uint16 index = _trainer(runId, batch.trainer).seat;
        if (index == 0) return;
        _stand(runId, batch.trainer, 0);
        Seat storage seat_ = _seats[runId][index - 1];
        uint24 last = batch.contributions == 0 ? batch.turn - 1 : batch.turn;
        if (inRun && last < seat_.turn) seat_.turn = last;
    }

    /// @dev Whether a batch belongs to the rounds that the run stands on, or to its current one.
    function _inRun(bytes32 runId, Run memory row, Batch calldata batch) internal view returns (bool) {
        if (_turns[runId][batch.round] != batch.turn) return false;
        if (batch.contributions == 0 && row.seats > 1) return batch.round <= row.round;
        bool steps = batch.contributions == 0;
        return batch.round < row.round && (steps || _turns[runId][batch.round + 1] == batch.nextTurn);
    }

    /// @dev Void claims of a final batch.
    function _voidsOf(bytes32 batchId) private view returns (uint32 voids) {
        IClaims.State state;
        (state, voids) = CLAIMS.outcome(batchId);
        require(state == IClaims.State.Final, TrainingRegistry_NotFinal(batchId));
    }
}
