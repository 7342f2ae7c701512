// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ITrainingRegistry} from "../interfaces/ITrainingRegistry.sol";
import {Submissions} from "./Submissions.sol";

/// @notice What {IScoredRounds} does with a run: {ITrainingRegistry-enter}, {ITrainingRegistry-submitScore},
/// {ITrainingRegistry-endCommitment}, {ITrainingRegistry-again}.
abstract contract Scores is Submissions {
    /// @inheritdoc ITrainingRegistry
    function enter(bytes32 runId, address account) external returns (uint16 index, uint24 turn) {
        Run memory row = _scoring(runId);
        Trainer memory own = _takeLock(runId, account);
        require(own.turn < row.turn, TrainingRegistry_Submitted(own.turn));
        require(_open(row), TrainingRegistry_Depth(row.round, row.settled));
        (index, turn) = (own.seat - 1, row.turn);
        own.turn = turn;
        _setTrainer(runId, account, own);
    }

    /// @inheritdoc ITrainingRegistry
    function submitScore(
        bytes32 runId,
        address account,
        bytes32 checkpoint,
        bytes32 batchRoot,
        bytes32 receipt
    ) external {
        Run memory row = _scoring(runId);
        // its lock was taken when it committed
        _record(runId, row, account, _trainer(runId, account), SCORE_CLAIMS, checkpoint, batchRoot, receipt);
    }

    /// @inheritdoc ITrainingRegistry
    function again(bytes32 runId) external {
        Run memory row = _scoring(runId);
        _again(runId, row);
        row.time = uint32(block.timestamp);
        _setRun(runId, row);
        emit Repeated(runId, row.round, row.turn);
    }

    /// @inheritdoc ITrainingRegistry
    function endCommitment(bytes32 runId, address account, bool late) external {
        _requireScores();
        Trainer memory own = _trainer(runId, account);
        uint256 lateness = late ? PARAMETERS.jobRules(_run(runId).epoch).lateness : 0;
        bool last = own.seat == 0;
        --own.pending;
        if (last) --own.locks;
        _setTrainer(runId, account, own);
        if (last) STAKE.release(account, address(PENALTIES), own.lock, (uint256(own.lock) * lateness) / BASIS);
        else if (late) _stand(runId, account, lateness);
    }

    function _scoring(bytes32 runId) private view returns (Run memory) {
        _requireScores();
        return _require(runId, State.Running);
    }

    function _requireScores() private view {
        require(msg.sender == address(SCORES), TrainingRegistry_Caller(msg.sender, address(SCORES)));
    }
}
