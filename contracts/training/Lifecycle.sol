// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRandomness} from "../interfaces/IRandomness.sol";
import {ITrainingRegistry} from "../interfaces/ITrainingRegistry.sol";
import {BatchId, TERMS_END} from "./BatchId.sol";
import {RunStore} from "./RunStore.sol";

/// @notice How a run begins and ends: {ITrainingRegistry-create}, {ITrainingRegistry-funded}, {ITrainingRegistry-draw},
/// {ITrainingRegistry-stop}, {ITrainingRegistry-close}.
abstract contract Lifecycle is RunStore {
    /// @inheritdoc ITrainingRegistry
    function create(Terms calldata terms, bytes calldata programs) external returns (bytes32 runId) {
        require(msg.sender == terms.initiator, TrainingRegistry_Caller(msg.sender, terms.initiator));
        uint16 epoch = PARAMETERS.openEpoch();
        require(epoch != 0, TrainingRegistry_Paused());
        runId = runIdOf(terms);
        _require(runId, State.None);
        _sums[runId].dataPrice = RULES.check(msg.data[4:TERMS_END], programs, epoch);
        Run memory row;
        (row.state, row.epoch, row.turn, row.turns) = (State.Funding, epoch, 1, 1);
        (row.steps, row.seats, row.depth) = (terms.steps, terms.seats, terms.depth);
        (row.rounds, row.roundSeconds) = (terms.rounds, terms.roundSeconds);
        row.scored = terms.scoreProgramId != 0;
        _setRun(runId, row);
        emit Created(runId, msg.sender, msg.data[4:TERMS_END]);
    }

    /// @inheritdoc ITrainingRegistry
    function funded(bytes32 runId) external {
        require(msg.sender == address(ESCROW), TrainingRegistry_Caller(msg.sender, address(ESCROW)));
        Run memory row = _require(runId, State.Funding);
        row.state = State.Funded;
        _setRun(runId, row);
        uint256 round = RANDOMNESS.next();
        _sums[runId].drawn = uint64(round);
        emit Funded(runId, round);
    }

    /// @inheritdoc ITrainingRegistry
    function draw(Terms calldata terms) external {
        bytes32 runId = runIdOf(terms);
        Run memory row = _require(runId, State.Funded);
        uint256 round = _sums[runId].drawn;
        IRandomness.Status status = RANDOMNESS.status(round);
        require(status != IRandomness.Status.Pending, TrainingRegistry_NotDrawn(round));
        if (status == IRandomness.Status.Expired) return _end(runId, row, State.Void);
        bytes32 drawn = keccak256(abi.encode(RANDOMNESS.value(round), runId));
        _seeds[runId] = drawn;
        (row.state, row.time) = (State.Running, uint32(block.timestamp));
        _setRun(runId, row);
        _turns[runId][0] = row.turn;
        _starts[runId][row.turn] = BatchId.start(terms.checkpoint, 0);
        emit Drawn(runId, drawn);
    }

    /// @inheritdoc ITrainingRegistry
    function stop(Terms calldata terms) external {
        bytes32 runId = runIdOf(terms);
        Run memory row = _require(runId, State.Running);
        require(block.timestamp > terms.deadline, TrainingRegistry_Deadline(terms.deadline, block.timestamp));
        row.state = State.Stopped;
        _setRun(runId, row);
    }

    /// @inheritdoc ITrainingRegistry
    function close(bytes32 runId) external {
        Run memory row = _run(runId);
        bool complete = row.settled == row.rounds && (row.state == State.Running || row.state == State.Stopped);
        if (!complete && (row.state != State.Stopped || row.settled != row.round)) _refuse(runId, row);
        _end(runId, row, complete ? State.Completed : State.Ended);
    }

    function _end(bytes32 runId, Run memory row, State state) private {
        row.state = state;
        _setRun(runId, row);
        _sums[runId].closed = uint32(block.timestamp);
        emit Closed(runId, state);
    }
}
