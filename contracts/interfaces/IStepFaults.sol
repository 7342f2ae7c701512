// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ITrainingRegistry} from "./ITrainingRegistry.sol";

/// @title StepFaults
/// @notice Whether a claim of a run's batch is what the run fixed: its program and place, what it continues, the rows and
/// schedule that the seed and the terms name, the checkpoint that its batch states. Only reads what it is handed.
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
/// Checkpoint  of every tensor: output's root 32 ‖ siblings in the trace (the claim is the batch's last)
/// ```
interface IStepFaults {
    /// @notice What is wrong. Batch and Schedule are faults of steps; Base, Update and Share of aggregations: the round's
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

    /// @notice What the registry knows of a batch beside its terms.
    struct Facts {
        address client;
        bytes32 runId;
        bytes32 batchRoot;
        bytes32 seed;
        bytes32 columnsRoot;
    }

    /// @notice The proof does not open what was committed, is of another kind of batch, or has another length.
    error StepFaults_Proof();
    /// @notice What was shown is as it has to be.
    error StepFaults_NoFault();
    /// @notice The program does not fit the terms or the data set: 1 header or interface are another program's; 2 number
    /// of inputs or outputs; 3 schedule; 4 columns; 5 tensors of the aggregation; 6 its share.
    error StepFaults_Program(uint256 rule);

    /// @notice The leaf at fault; reverts unless the proof shows one.
    function leafAtFault(
        Fault fault,
        ITrainingRegistry.Terms calldata terms,
        ITrainingRegistry.Batch calldata batch,
        ITrainingRegistry.Contribution[] calldata contributions,
        Facts calldata facts,
        bytes calldata proof
    ) external view returns (uint32 leaf);

    /// @notice Reverts unless step and aggregation program have the inputs and outputs that the terms and the data set's
    /// types ask for.
    /// @param programs header 156 ‖ bytes u16 ‖ interface of the step program, then those of the aggregation program
    function requireFit(
        ITrainingRegistry.Terms calldata terms,
        bytes32 typesHash,
        bytes calldata programs
    ) external pure;

    /// @notice Row of the data set at a position of the run's order.
    /// @param position ((step of the run × seats + seat) × batch + row of the batch)
    function rowAt(bytes32 seed, uint256 position, uint256 rows) external pure returns (uint256);
}
