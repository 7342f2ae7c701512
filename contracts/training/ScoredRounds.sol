// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRandomness} from "../interfaces/IRandomness.sol";
import {IScoredRounds} from "../interfaces/IScoredRounds.sol";
import {ITrainingRegistry} from "../interfaces/ITrainingRegistry.sol";
import {TERMS_END} from "./BatchId.sol";
import {Gain} from "./Gain.sol";
import {ScoreProof} from "./ScoreProof.sol";

/// @notice Rules, limits and warnings: {IScoredRounds}.
contract ScoredRounds is IScoredRounds {
    ITrainingRegistry private immutable REGISTRY;
    IRandomness private immutable RANDOMNESS;

    mapping(bytes32 runId => mapping(uint256 turn => Phase)) private _phases;
    mapping(bytes32 runId => mapping(uint256 turn => mapping(uint256 seat => Update))) private _updates;

    constructor(ITrainingRegistry registry, IRandomness randomness) {
        (REGISTRY, RANDOMNESS) = (registry, randomness);
    }

    /// @inheritdoc IScoredRounds
    function commit(ITrainingRegistry.Terms calldata terms, bytes32 commitment) external {
        bytes32 runId = _scored(terms);
        (uint16 seat, uint24 turn) = REGISTRY.enter(runId, msg.sender);
        Phase storage own = _phases[runId][turn];
        require(own.drawn == 0, ScoredRounds_Phase(turn));
        Update storage made = _updates[runId][turn][seat];
        (made.commitment, made.trainer) = (commitment, msg.sender);
        emit Committed(runId, turn, seat, msg.sender, commitment);
        if (++own.committed == terms.seats) _draw(runId, turn, own);
    }

    /// @inheritdoc IScoredRounds
    function draw(ITrainingRegistry.Terms calldata terms) external {
        bytes32 runId = _scored(terms);
        ITrainingRegistry.Run memory row = REGISTRY.run(runId);
        Phase storage own = _phases[runId][row.turn];
        bool waited = block.timestamp > uint256(row.time) + row.roundSeconds;
        require(waited && own.committed != 0 && own.drawn == 0, ScoredRounds_Phase(row.turn));
        _draw(runId, row.turn, own);
    }

    /// @inheritdoc IScoredRounds
    function score(
        ITrainingRegistry.Terms calldata terms,
        bytes32 checkpoint,
        bytes32 salt,
        bytes calldata proof,
        bytes32 receipt
    ) external {
        bytes32 runId = _scored(terms);
        ITrainingRegistry.Run memory row = REGISTRY.run(runId);
        Phase storage own = _phases[runId][row.turn];
        require(seed(runId, row.turn) != 0 && !_late(own, row), ScoredRounds_Phase(row.turn));
        uint16 seat = REGISTRY.trainer(runId, msg.sender).seat;
        require(seat != 0, ScoredRounds_Commitment(msg.sender));
        Update storage shown = _updates[runId][row.turn][--seat];
        bytes32 committed = keccak256(abi.encode(runId, row.turn, msg.sender, checkpoint, salt));
        require(!shown.scored && shown.commitment == committed, ScoredRounds_Commitment(msg.sender));
        (bytes32 batchRoot, uint256 before, uint256 later) = ScoreProof.open(proof, terms.scoreProgramId);
        uint32 gain = Gain.between(before, later);
        (shown.commitment, shown.gain, shown.scored) = (_shown(msg.sender, checkpoint), gain, true);
        own.sum += gain;
        ++own.scored;
        emit Scored(runId, row.turn, seat, uint32(before), uint32(later), gain);
        REGISTRY.submitScore(runId, msg.sender, checkpoint, batchRoot, receipt);
    }

    /// @inheritdoc IScoredRounds
    function again(ITrainingRegistry.Terms calldata terms) external {
        bytes32 runId = _scored(terms);
        ITrainingRegistry.Run memory row = REGISTRY.run(runId);
        Phase storage own = _phases[runId][row.turn];
        require(_over(own, row) && own.sum == 0, ScoredRounds_Phase(row.turn));
        if (own.scored != own.committed) own.over = true;
        REGISTRY.again(runId);
    }

    /// @inheritdoc IScoredRounds
    function miss(ITrainingRegistry.Terms calldata terms, uint24 turn, uint16 seat) external {
        bytes32 runId = _scored(terms);
        ITrainingRegistry.Run memory row = REGISTRY.run(runId);
        Phase memory own = _phases[runId][turn];
        Update memory made = _updates[runId][turn][seat];
        require(made.trainer != address(0) && !made.scored, ScoredRounds_Commitment(made.trainer));
        bool late = own.over;
        if (!late && row.turn == turn && row.state == ITrainingRegistry.State.Running) {
            late = own.drawn != 0 && _late(own, row);
            require(late, ScoredRounds_Phase(turn));
        }
        if (late) {
            IRandomness.Status status = RANDOMNESS.status(own.drawn);
            require(status != IRandomness.Status.Pending, ScoredRounds_Phase(turn));
            late = status == IRandomness.Status.Known;
        }
        delete _updates[runId][turn][seat];
        emit Missed(runId, turn, seat, made.trainer, late);
        REGISTRY.endCommitment(runId, made.trainer, late);
    }

    /// @inheritdoc IScoredRounds
    function strike(bytes32 runId, uint24 turn, uint16 seat) external {
        _requireRegistry();
        Update storage shown = _updates[runId][turn][seat];
        _phases[runId][turn].sum -= shown.gain;
        shown.gain = 0;
    }

    /// @inheritdoc IScoredRounds
    function check(
        bytes32 runId,
        ITrainingRegistry.Run calldata row,
        ITrainingRegistry.Contribution[] calldata list
    ) external {
        _requireRegistry();
        Phase memory own = _phases[runId][row.turn];
        require(_over(own, row) && own.sum != 0, ScoredRounds_Phase(row.turn));
        if (own.scored != own.committed) _phases[runId][row.turn].over = true;
        uint256 next;
        for (uint256 seat = 0; seat < row.seats; ++seat) {
            Update memory shown = _updates[runId][row.turn][seat];
            uint256 steps = Gain.steps(shown.gain, own.sum, row.seats, row.steps);
            if (steps == 0) continue;
            require(next < list.length, ScoredRounds_Contribution(seat));
            ITrainingRegistry.Contribution calldata it = list[next++];
            bool same = it.seat == seat && it.count == steps && shown.commitment == _shown(it.trainer, it.checkpoint);
            require(same, ScoredRounds_Contribution(seat));
        }
        require(next == list.length, ScoredRounds_Contribution(next));
    }

    /// @inheritdoc IScoredRounds
    function phase(bytes32 runId, uint256 turn) external view returns (Phase memory) {
        return _phases[runId][turn];
    }

    /// @inheritdoc IScoredRounds
    function update(bytes32 runId, uint256 turn, uint256 seat) external view returns (Update memory) {
        return _updates[runId][turn][seat];
    }

    /// @inheritdoc IScoredRounds
    function seed(bytes32 runId, uint256 turn) public view returns (bytes32) {
        uint256 drawn = _phases[runId][turn].drawn;
        if (drawn == 0 || RANDOMNESS.status(drawn) != IRandomness.Status.Known) return 0;
        return keccak256(abi.encode(RANDOMNESS.value(drawn), runId, turn));
    }

    function _draw(bytes32 runId, uint24 turn, Phase storage own) private {
        (own.drawn, own.time) = (uint64(RANDOMNESS.next()), uint40(block.timestamp));
        emit Drawing(runId, turn, own.drawn);
    }

    /// @dev Whether the time to score has passed.
    function _late(Phase memory own, ITrainingRegistry.Run memory row) private view returns (bool) {
        return block.timestamp > uint256(own.time) + row.roundSeconds;
    }

    /// @dev Whether no score is to come.
    function _over(Phase memory own, ITrainingRegistry.Run memory row) private view returns (bool) {
        return own.drawn != 0 && (own.scored == own.committed || _late(own, row));
    }

    function _requireRegistry() private view {
        require(msg.sender == address(REGISTRY), ScoredRounds_Caller(msg.sender));
    }

    function _shown(address trainer, bytes32 checkpoint) private pure returns (bytes32) {
        return keccak256(abi.encode(trainer, checkpoint));
    }

    function _scored(ITrainingRegistry.Terms calldata terms) private pure returns (bytes32 runId) {
        runId = keccak256(msg.data[4:TERMS_END]);
        require(terms.scoreProgramId != 0, ScoredRounds_NotScored(runId));
    }
}
