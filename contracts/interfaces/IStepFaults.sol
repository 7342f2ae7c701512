// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ITrainingRegistry} from "./ITrainingRegistry.sol";

/// @title StepFaults
/// @notice Whether a claim of a run's batch is what the run fixed: its program and place, what it continues, the rows and
/// schedule that the seed and the terms name, the checkpoint that its batch states, the contributions that it takes in.
/// @dev A proof is packed; integers are big-endian, siblings 32 bytes a level. All but Context begin with
/// ```
/// claim      inputsRoot 32 ‖ traceRoot 32 ‖ context 32 ‖ header 156 ‖ leaf u32 ‖ batch siblings
/// interface  bytes u16 ‖ interface
/// ```
/// and go on with
/// ```
/// Context     (alone) programId 32 ‖ inputsRoot 32 ‖ traceRoot 32 ‖ context 32 ‖ leaf u32 ‖ batch siblings
///             then, where leaf > 0: the claim before it 32 ‖ batch siblings
/// Continuity  tensor u16 ‖ input's root 32 ‖ siblings in the inputs ‖ source
///             source of leaf 0: the parent's root 32 ‖ siblings in the parent
///             of others: inputsRoot 32 ‖ traceRoot 32 ‖ context 32 of the claim before ‖ batch siblings
///             ‖ its output's root 32 ‖ siblings in its trace
/// Base        tensor u16 ‖ input's root 32 ‖ siblings in the inputs ‖ the parent's root 32 ‖ siblings in the parent
/// Update      tensor u16 ‖ input's root 32 ‖ siblings in the inputs ‖ the contribution's root 32 ‖ siblings in it
/// Batch       column u8 ‖ row of the batch u32 ‖ element of the row u32 ‖ chunk 1024 ‖ chunk siblings ‖ siblings in the
///             inputs ‖ the data set's chunk 1024 ‖ chunk siblings ‖ siblings in the columns
/// Schedule    element u32 ‖ chunk 1024 ‖ chunk siblings ‖ siblings in the inputs ‖ the schedule's chunk 1024 ‖ chunk
///             siblings
/// Share       chunk 1024 ‖ siblings in the inputs
/// Checkpoint  of every tensor: output's root 32 ‖ siblings in the trace (the claim is the batch's last); of a score
///             input's root 32 ‖ siblings in the inputs
/// ```
interface IStepFaults {
    /// @notice What is wrong. Of a score ({IScoredRounds}) the first claim's Continuity, the second's Checkpoint, Context
    /// and Batch are faults. Batch and Schedule are faults of steps; Base, Update and Share of aggregations: the round's
    /// parent, the contribution at the claim's place, and its part of the weight so far.
    enum Fault {
        Context,
        Continuity,
        Checkpoint,
        Batch,
        Schedule,
        Base,
        Update,
        Share
    }

    /// @notice The proof does not open what was committed, is of another kind of batch, or has another length.
    error StepFaults_Proof();
    /// @notice What was shown is as it has to be.
    error StepFaults_NoFault();
    /// @notice Convicts a batch of a run. Accused before, like every fault of a claim; the caller is the challenger.
    /// @param parent checkpoint that the batch's round began from
    /// @param contributions of an aggregation; else empty
    function proveFault(
        ITrainingRegistry.Terms calldata terms,
        ITrainingRegistry.Batch calldata batch,
        bytes32 parent,
        ITrainingRegistry.Contribution[] calldata contributions,
        Fault fault,
        bytes calldata proof,
        bytes32 salt
    ) external;

    /// @notice Convicts an aggregation of a contribution that nobody submitted, or that was dropped before. Accused before
    /// with keccak256(abi.encode(index)) for the proof's digest; the caller is the challenger.
    /// @param index of the contribution
    function proveContribution(
        bytes32 runId,
        ITrainingRegistry.Batch calldata batch,
        ITrainingRegistry.Contribution[] calldata contributions,
        uint256 index,
        bytes32 salt
    ) external;

    /// @notice Convicts an aggregation that leaves out what a seat submitted half of `roundSeconds` before it, or
    /// more. Accused before with
    /// keccak256(abi.encode(omitted)) for the proof's digest; the caller is the challenger.
    /// @param omitted a contribution that is not listed
    function proveOmission(
        ITrainingRegistry.Terms calldata terms,
        ITrainingRegistry.Batch calldata batch,
        ITrainingRegistry.Contribution[] calldata contributions,
        ITrainingRegistry.Contribution calldata omitted,
        bytes32 salt
    ) external;

    /// @notice The leaf at fault; reverts unless the proof shows one. What {proveFault} convicts.
    function leafAtFault(
        ITrainingRegistry.Terms calldata terms,
        ITrainingRegistry.Batch calldata batch,
        bytes32 parent,
        ITrainingRegistry.Contribution[] calldata contributions,
        Fault fault,
        bytes calldata proof
    ) external view returns (uint32 leaf);

    /// @notice Row of the data set at a position of the run's order.
    /// @param position ((step of the run × seats + seat) × batch + row of the batch)
    function rowAt(bytes32 seed, uint256 position, uint256 rows) external pure returns (uint256);
}
