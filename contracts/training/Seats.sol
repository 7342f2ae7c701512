// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IParameters} from "../interfaces/IParameters.sol";
import {IScoredRounds} from "../interfaces/IScoredRounds.sol";
import {ITrainingRegistry} from "../interfaces/ITrainingRegistry.sol";
import {Bytes} from "../referee/lib/Bytes.sol";
import {Merkle} from "../referee/lib/Merkle.sol";
import {Lifecycle} from "./Lifecycle.sol";

/// @notice Who trains: {ITrainingRegistry-join}, {ITrainingRegistry-addLocks}, {ITrainingRegistry-resign},
/// {ITrainingRegistry-vacate}.
abstract contract Seats is Lifecycle {
    uint256 private constant MAX_LOCKS = 16;

    /// @inheritdoc ITrainingRegistry
    function join(Terms calldata terms, uint16 index, uint8 locks, uint32 place, bytes calldata siblings) external {
        bytes32 runId = runIdOf(terms);
        Run memory row = _run(runId);
        if (row.state != State.Funded && row.state != State.Running) _refuse(runId, row);
        if (terms.trainersRoot != 0) _requireListed(terms, place, siblings);
        Seat memory seat_ = _seats[runId][index];
        require(index < row.seats && seat_.holder == address(0), TrainingRegistry_Seat(index, seat_.holder));
        Trainer memory own = _trainer(runId, msg.sender);
        require(own.seat == 0, TrainingRegistry_Seated(msg.sender, own.seat));
        require(!own.convicted, TrainingRegistry_NotAllowed(msg.sender));

        own.seat = index + 1;
        if (own.turn < seat_.turn) own.turn = seat_.turn;
        _seats[runId][index] = Seat(msg.sender, seat_.turn, uint32(block.timestamp));
        emit Joined(runId, index, msg.sender, locks);
        _lock(runId, row, own, locks, terms.collateral);
    }

    /// @inheritdoc ITrainingRegistry
    function addLocks(Terms calldata terms, uint8 locks) external {
        bytes32 runId = runIdOf(terms);
        Run memory row = _require(runId, State.Running);
        Trainer memory own = _trainer(runId, msg.sender);
        require(own.seat != 0, TrainingRegistry_Seated(msg.sender, 0));
        emit LocksAdded(runId, msg.sender, locks);
        _lock(runId, row, own, locks, terms.collateral);
    }

    /// @inheritdoc ITrainingRegistry
    function resign(bytes32 runId) external {
        _stand(runId, msg.sender, 0);
    }

    /// @inheritdoc ITrainingRegistry
    function vacate(bytes32 runId, uint16 index) external {
        Run memory row = _require(runId, State.Running);
        Seat memory seat_ = _seats[runId][index];
        uint256 since = row.time > seat_.joined ? row.time : seat_.joined;
        uint256 until = block.timestamp;
        if (row.scored) {
            // nobody commits after the draw
            IScoredRounds.Phase memory phase = SCORES.phase(runId, row.turn);
            if (phase.drawn != 0) until = phase.time;
        }
        require(
            seat_.holder != address(0) &&
                _trainer(runId, seat_.holder).turn < row.turn &&
                _open(row) &&
                until > since + row.roundSeconds,
            TrainingRegistry_NotLate(index)
        );
        IParameters.JobRules memory rules = PARAMETERS.jobRules(row.epoch);
        _stand(runId, seat_.holder, rules.lateness);
    }

    /// @dev Whether a batch of steps can be submitted now.
    function _open(Run memory row) internal pure returns (bool) {
        return row.round < row.rounds && row.round - row.settled < row.depth;
    }

    /// @dev Locks collateral of the caller for so many more batches.
    function _lock(bytes32 runId, Run memory row, Trainer memory own, uint8 locks, uint40 collateral) private {
        require(locks != 0 && own.locks + uint256(locks) <= MAX_LOCKS, TrainingRegistry_Locks(locks));
        own.locks += locks;
        own.lock = collateral;
        _setTrainer(runId, msg.sender, own);
        uint256 minimum = PARAMETERS.jobRules(row.epoch).minimumStake;
        for (uint256 i = 0; i < locks; ++i) {
            STAKE.lock(msg.sender, address(PENALTIES), collateral, 0, minimum);
        }
    }

    /// @dev Takes a trainer's seat, and gives back the locks that no batch uses: of one of them a share is burned.
    function _stand(bytes32 runId, address account, uint256 lateness) internal {
        Trainer memory own = _trainer(runId, account);
        require(own.seat != 0, TrainingRegistry_Seated(account, 0));
        uint16 index = own.seat - 1;
        uint256 free = own.locks - own.pending;
        uint256 burned = free == 0 ? 0 : (uint256(own.lock) * lateness) / BASIS;
        own.seat = 0;
        own.locks = own.pending;
        _setTrainer(runId, account, own);
        _seats[runId][index] = Seat(address(0), own.turn, 0);
        emit Left(runId, index, account, burned);
        for (uint256 i = 0; i < free; ++i) {
            STAKE.release(account, address(PENALTIES), own.lock, i == 0 ? burned : 0);
        }
    }

    function _requireListed(Terms calldata terms, uint32 place, bytes calldata siblings) private view {
        (uint256 pointer, uint256 end) = Bytes.bounds(siblings);
        bytes32 leaf = bytes32(uint256(uint160(msg.sender)));
        (bytes32 root, uint256 next) = Merkle.up(leaf, place, terms.trainers, pointer);
        require(root == terms.trainersRoot && next == end, TrainingRegistry_NotAllowed(msg.sender));
    }
}
