// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {ITrainingRegistry} from "../interfaces/ITrainingRegistry.sol";
import {BatchId} from "./BatchId.sol";
import {Seats} from "./Seats.sol";

/// @notice What trainers submit: {ITrainingRegistry-submit}, {ITrainingRegistry-submitFor},
/// {ITrainingRegistry-aggregate}.
abstract contract Submissions is Seats, EIP712 {
    using BatchId for Contribution[];

    /// @dev What a trainer signs, as EIP-712 names it.
    bytes32 private constant SUBMISSION = keccak256(
        "Submission(bytes32 runId,uint24 round,uint24 turn,uint16 seat,uint32 count,bytes32 checkpoint,bytes32 batchRoot,bytes32 receipt)"
    );

    /// @inheritdoc ITrainingRegistry
    function submit(
        bytes32 runId,
        uint24 turn,
        uint32 count,
        bytes32 checkpoint,
        bytes32 batchRoot,
        bytes32 receipt
    ) external {
        Run memory row = _requireTurn(runId, turn);
        _submit(runId, row, msg.sender, _takeLock(runId, msg.sender), count, checkpoint, batchRoot, receipt);
    }

    /// @inheritdoc ITrainingRegistry
    function submitFor(bytes32 runId, Submission[] calldata list) external {
        Run memory row = _require(runId, State.Running);
        require(list.length <= row.seats, TrainingRegistry_Contributions(list.length, row.seats));
        for (uint256 i = 0; i < list.length; ++i) {
            Submission calldata it = list[i];
            Trainer memory own = _takeLock(runId, it.trainer);
            bytes32 digest = _hashTypedDataV4(
                keccak256(
                    abi.encode(
                        SUBMISSION,
                        runId,
                        row.round,
                        row.turn,
                        own.seat - 1,
                        it.count,
                        it.checkpoint,
                        it.batchRoot,
                        it.receipt
                    )
                )
            );
            bool signed = SignatureChecker.isValidSignatureNowCalldata(it.trainer, digest, it.signature);
            require(signed, TrainingRegistry_Signature(it.trainer));
            _submit(runId, row, it.trainer, own, it.count, it.checkpoint, it.batchRoot, it.receipt);
        }
    }

    /// @inheritdoc ITrainingRegistry
    function aggregate(
        bytes32 runId,
        uint24 turn,
        uint24 nextTurn,
        Contribution[] calldata contributions,
        bytes32 checkpoint,
        bytes32 batchRoot,
        bytes32 receipt
    ) external {
        Run memory row = _requireTurn(runId, turn);
        require(row.turns + 1 == nextTurn, TrainingRegistry_NextTurn(row.turns + 1));
        require(row.seats > 1, TrainingRegistry_Contributions(0, 1));
        Trainer memory own = _takeLock(runId, msg.sender);
        if (row.scored) SCORES.check(runId, row, contributions);
        else _requireContributions(row, contributions);

        own.aggregating = _mark(own.aggregating, own.aggregated, nextTurn);
        own.aggregated = nextTurn;
        _setTrainer(runId, msg.sender, own);
        uint32 count = uint32(contributions.length);
        bytes32 digest = contributions.digest();
        Batch memory batch = Batch(row.round, turn, nextTurn, 0, msg.sender, count, checkpoint, digest);
        emit Aggregated(runId, msg.sender, _place(batch), checkpoint, receipt);
        _advance(runId, row, checkpoint);
        CLAIMS.submit(BatchId.subject(runId, batch), batchRoot, count, msg.sender, own.lock, row.epoch);
    }

    function _submit(
        bytes32 runId,
        Run memory row,
        address account,
        Trainer memory own,
        uint32 count,
        bytes32 checkpoint,
        bytes32 batchRoot,
        bytes32 receipt
    ) private {
        bool alone = row.seats == 1;
        bool fits = alone ? count == row.steps : count <= row.steps;
        require(fits && !row.scored, TrainingRegistry_Count(count));
        require(own.turn < row.turn, TrainingRegistry_Submitted(own.turn));
        require(_open(row), TrainingRegistry_Depth(row.round, row.settled));

        own.turn = row.turn;
        _record(runId, row, account, own, count, checkpoint, batchRoot, receipt);
        if (alone) _advance(runId, row, checkpoint);
    }

    /// @dev Gives a batch of a seat to {IClaims}.
    function _record(
        bytes32 runId,
        Run memory row,
        address account,
        Trainer memory own,
        uint32 count,
        bytes32 checkpoint,
        bytes32 batchRoot,
        bytes32 receipt
    ) internal {
        own.open = _mark(own.open, own.marked, row.turn);
        own.marked = row.turn;
        _setTrainer(runId, account, own);
        Batch memory batch = Batch(row.round, row.turn, 0, own.seat - 1, account, count, checkpoint, 0);
        emit Submitted(runId, account, _place(batch), checkpoint, receipt);
        CLAIMS.submit(BatchId.subject(runId, batch), batchRoot, count, account, own.lock, row.epoch);
    }

    /// @dev A turn of its own for a round that begins as before: whoever has the only seat now may have had later turns.
    function _again(bytes32 runId, Run memory row) internal {
        bytes32 beginning = _starts[runId][row.turn];
        row.turn = ++row.turns;
        _turns[runId][row.round] = row.turn;
        _starts[runId][row.turn] = beginning;
    }

    /// @dev What is in flight when a round is taken back must not become a claim about another one.
    function _requireTurn(bytes32 runId, uint24 turn) private view returns (Run memory row) {
        row = _require(runId, State.Running);
        require(row.turn == turn, TrainingRegistry_Turn(row.turn));
    }

    function _advance(bytes32 runId, Run memory row, bytes32 checkpoint) private {
        ++row.round;
        row.turn = ++row.turns;
        row.time = uint32(block.timestamp);
        _setRun(runId, row);
        _turns[runId][row.round] = row.turn;
        _starts[runId][row.turn] = BatchId.start(checkpoint, row.round);
    }

    function _place(Batch memory batch) private pure returns (uint256) {
        return
            uint256(batch.round) |
            (uint256(batch.turn) << 24) |
            (uint256(batch.nextTurn) << 48) |
            (uint256(batch.seat) << 72) |
            (uint256(batch.count) << 88);
    }

    /// @dev A lock of a trainer with a seat for one more batch.
    function _takeLock(bytes32 runId, address account) internal view returns (Trainer memory own) {
        own = _trainer(runId, account);
        require(own.seat != 0, TrainingRegistry_Seated(account, 0));
        require(own.pending < own.locks, TrainingRegistry_Locked(own.pending, own.locks));
        ++own.pending;
    }

    /// @dev Marks are of the sixteen turns up to the last one marked: whatever leaves these has to be closed, or a mark
    /// would stand for two batches and closing the older one would free the lock of the newer one.
    function _mark(uint16 marks, uint24 newest, uint24 turn) private pure returns (uint16) {
        if (turn > newest + 16) newest = turn - 16;
        for (uint256 i = uint256(newest) + 1; i <= turn; ++i) {
            require((marks >> (i % 16)) & 1 == 0, TrainingRegistry_Submitted(turn));
        }
        return marks | (uint16(1) << uint16(turn % 16));
    }

    function _requireContributions(Run memory row, Contribution[] calldata list) private view {
        bool enough = list.length != 0;
        bool waited = list.length == row.seats || block.timestamp > uint256(row.time) + row.roundSeconds;
        uint256 next;
        for (uint256 i = 0; i < list.length; ++i) {
            enough = enough && list[i].seat >= next && list[i].count != 0;
            next = uint256(list[i].seat) + 1;
        }
        require(enough && waited && next <= row.seats, TrainingRegistry_Contributions(list.length, row.seats));
    }
}
