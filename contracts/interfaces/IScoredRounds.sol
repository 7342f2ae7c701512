// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ITrainingRegistry} from "./ITrainingRegistry.sol";

/// @title ScoredRounds
/// @notice Rounds of runs whose trainers keep their data to themselves and show their updates only: a run with a score
/// program. Every seat commits to an update; a random block after that names rows of the run's data set; each
/// seat then scores what the round began from and its update on those rows, a batch of two claims that anyone can
/// convict. What the update improved is what it is paid and what it weighs; what does not improve is neither.
/// @dev Gains are (loss before − loss after) / loss before in parts of 1e9. A seat's part of all gains is its part of
/// the round's seats × steps, rounded down, at most 2 × steps: seats have equal stake, so this caps by stake.
/// Warning: the data set is public, so an update may have been trained on it; it is paid for what it improves there,
/// whatever it was made of.
interface IScoredRounds {
    /// @notice Where a turn stands: the random round that names its rows and when it was fixed (zero: seats still commit),
    /// how many committed and scored, the sum of gains, whether the run went on while somebody had shown nothing.
    struct Phase {
        // slot 0
        uint64 drawn;
        uint40 time;
        uint16 committed;
        uint16 scored;
        uint48 sum;
        bool over;
    }

    /// @notice A seat's update: keccak256(abi.encode(runId, turn, trainer, checkpoint, salt)), and once it is scored
    /// keccak256(abi.encode(trainer, checkpoint)).
    struct Update {
        bytes32 commitment;
        // slot 1
        uint32 gain;
        bool scored;
        address trainer;
    }

    event Committed(
        bytes32 indexed runId,
        uint24 indexed turn,
        uint16 seat,
        address indexed trainer,
        bytes32 commitment
    );
    /// @notice Nobody commits any more; the rows are those of this random round.
    event Drawing(bytes32 indexed runId, uint24 indexed turn, uint256 round);
    /// @notice Losses as bits of float32.
    event Scored(bytes32 indexed runId, uint24 indexed turn, uint16 seat, uint32 before, uint32 later, uint32 gain);

    /// @notice A commitment ended without a score; `late`: its trainer could have shown it.
    event Missed(bytes32 indexed runId, uint24 indexed turn, uint16 seat, address indexed trainer, bool late);

    /// @notice The run has no score program.
    error ScoredRounds_NotScored(bytes32 runId);
    /// @notice The turn is before or past this.
    error ScoredRounds_Phase(uint256 turn);
    /// @notice The caller did not commit to this update, or scored it already.
    error ScoredRounds_Commitment(address trainer);
    /// @notice The proof is of another program, does not open the losses, or has another length.
    error ScoredRounds_Proof();
    /// @notice What is listed for this seat is not its trainer, update and gain.
    error ScoredRounds_Contribution(uint256 seat);
    /// @notice Only the training registry may.
    error ScoredRounds_Caller(address caller);

    /// @notice Commits the caller's seat to an update. The last seat fixes the random round.
    /// @param commitment keccak256(abi.encode(runId, turn, trainer, checkpoint, salt)), turn as uint24
    function commit(ITrainingRegistry.Terms calldata terms, bytes32 commitment) external;

    /// @notice Fixes the random round once `roundSeconds` have passed, with the seats that committed. For anyone.
    function draw(ITrainingRegistry.Terms calldata terms) external;

    /// @notice Shows the caller's update and what it scores, within `roundSeconds` after the random round was fixed.
    /// @param checkpoint list root of the update's tensors
    /// @param proof header 156 ‖ bytes u16 ‖ interface of the score program; of each claim, first of what the round began
    /// from: inputsRoot 32 ‖ traceRoot 32 ‖ context 32 ‖ loss 4 ‖ siblings in its trace
    /// @param receipt sha2-256 digest of the receipt's manifest
    function score(
        ITrainingRegistry.Terms calldata terms,
        bytes32 checkpoint,
        bytes32 salt,
        bytes calldata proof,
        bytes32 receipt
    ) external;

    /// @notice Begins the same round once more, if no update improved. For anyone.
    function again(ITrainingRegistry.Terms calldata terms) external;

    /// @notice Ends the commitment of a trainer that did not show its update, and its lock. If it could have, which is
    /// where the rows were known, the run did not go back or end, and the time to score has passed, the seat is lost and
    /// `jobRules.lateness` of the lock burned; else neither. For anyone.
    /// @param turn the current one or an earlier one
    function miss(ITrainingRegistry.Terms calldata terms, uint24 turn, uint16 seat) external;

    /// @notice Takes the gain of a rejected score out. For the registry.
    function strike(bytes32 runId, uint24 turn, uint16 seat) external;

    /// @notice Reverts unless these are all updates of the current turn that gained, each with its steps; the run goes on
    /// from them. For the registry.
    function check(
        bytes32 runId,
        ITrainingRegistry.Run calldata row,
        ITrainingRegistry.Contribution[] calldata list
    ) external;

    /// @notice Where a turn stands.
    function phase(bytes32 runId, uint256 turn) external view returns (Phase memory);

    /// @notice A seat's update.
    function update(bytes32 runId, uint256 turn, uint256 seat) external view returns (Update memory);

    /// @notice keccak256(abi.encode(value, runId, turn)) of a turn whose rows are drawn, else zero: batch row i is at
    /// position i of its order.
    function seed(bytes32 runId, uint256 turn) external view returns (bytes32);
}
