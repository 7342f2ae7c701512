// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IJudge} from "./IJudge.sol";

/// @title Referee
/// @notice Convicts a batch by one wrong element of one tensor of one of its claims. It opens, against the claim's own
/// roots, the element and every operand range that it depends on, and asks the operator's judge. It holds no funds,
/// has no owner, and keeps no state.
/// @dev A proof is one packed blob (big-endian):
/// ```
/// claim    inputsRoot ‖ traceRoot ‖ context ‖ header (156 bytes) ‖ leaf u32 ‖ batch siblings
/// operator opIndex u32 ‖ bodyLen u16 ‖ body ‖ siblings
/// element  output u8 ‖ element u32 ‖ nOpenings u8
/// opening  slot u8 ‖ nRanges u8 ‖ nRanges×(offset u32 ‖ length u32) ‖ list siblings ‖ chunks ‖ tree siblings
/// ```
/// The first opening is the claimed element (slot 128 + output); the others are the operands, in the judge's order.
/// An inner value is opened against the list that the executor answered for its segment (`IAvailability.segmentRoot`),
/// ten siblings up from the place that is the value's number modulo 1,024; everything else against the claim's own
/// roots. Depths come from the counts in batch and header, and the blob ends where its last opening ends.
/// Warning: a proof earns nothing unless its digest was accused (`IAccusations`) by its sender a block before.
interface IReferee {
    /// @notice Element `element` (physical index) of output `output` of operator `operator` of claim `leaf` was wrong.
    event Convicted(
        bytes32 indexed batchId,
        uint256 indexed leaf,
        uint256 operator,
        uint256 output,
        uint256 element,
        bytes32 opcode,
        uint256 claimed
    );

    /// @notice The judge permits the element.
    error Referee_NoFault();
    /// @notice The registry knows no judge with this code for this opcode.
    error Referee_NoJudge(bytes32 opcode, bytes32 codeHash);
    /// @notice The operator's body does not decode: see `IMalformed`.
    error Referee_Undecodable();
    /// @notice The operator has no such output, or no operand in this slot.
    error Referee_Slot(uint256 slot);
    /// @notice An inner value is opened of a segment that the executor has not shown: see `IAvailability.demandSegment`.
    error Referee_NoSegment(uint256 segment);
    /// @notice The first opening is not exactly the claimed element.
    error Referee_Element();
    /// @notice The operator reads or makes inner values, which were not committed to with the claim.
    error Referee_Inner();
    /// @notice The blob does not end where its last opening ends.
    error Referee_Length();

    /// @notice Convicts, or voids, the claim that `proof` is about.
    /// @param batchId The batch.
    /// @param proof The blob.
    /// @param salt The salt of the accusation.
    function proveFault(bytes32 batchId, bytes calldata proof, bytes32 salt) external;

    /// @notice What `proveFault` would find: for simulation, without an accusation.
    function examine(bytes32 batchId, bytes calldata proof) external view returns (IJudge.Verdict);

    /// @notice The same of an operator that touches no inner value: a fault that stood when the claim was committed to,
    /// whatever its executor said since. At any time, whatever became of the batch.
    /// @return verdict the judge's
    /// @return leaf the claim's position
    function examineTrace(
        bytes32 batchId,
        bytes calldata proof
    ) external view returns (IJudge.Verdict verdict, uint32 leaf);
}
