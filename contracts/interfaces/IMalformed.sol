// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Malformed
/// @notice Faults of form, each shown in one call: of a claim (its batch is rejected), of a program (it is barred for
/// ever) and of a job's input (the market asks). None of them needs a judge.
/// @dev Blobs are packed and big-endian. `claim`, `operator` and siblings are as in `IReferee`; a type is
/// `dtype u8 ‖ layout u32 ‖ rank u8 ‖ dims rank×u32`; `interface` is `length u16 ‖ bytes`; `preimage` is
/// `length u16 ‖ bytes`, the bytes that keccak256 turns into a tensor root. Value siblings are the trace's, or for an
/// inner value those of its segment's answered list.
/// Warning: like a fault proof, a fault of a claim earns nothing unless it was accused a block before.
interface IMalformed {
    /// @notice Claim `leaf` was convicted for the value (its global number), or the position beyond the values, shown.
    event FormFault(bytes32 indexed batchId, uint256 indexed leaf, bytes32 reason, uint256 value);
    /// @notice The program breaks a rule that every program keeps.
    event Barred(bytes32 indexed programId, bytes32 reason);

    /// @notice What was shown breaks no rule.
    error Malformed_NoFault();
    /// @notice There is no fault of this kind.
    error Malformed_Kind(uint256 kind);
    /// @notice The blob does not end where its parts end.
    error Malformed_Length();
    /// @notice The operator's body does not decode: show that, with kind `leaf`.
    error Malformed_Undecodable(uint256 operator);
    /// @notice The operator has no such output or operand, or the two operators are not producer and consumer.
    error Malformed_Slot(uint256 slot);
    /// @notice What was shown is not what the header, or the root, commits to.
    error Malformed_NotCommitted();
    /// @notice The byte or leaf shown lies outside the value.
    error Malformed_Outside(uint256 place);
    /// @notice The value is inner, and the executor has not shown its segment: see `IAvailability.demandSegment`.
    error Malformed_NoSegment(uint256 segment);
    /// @notice The program is barred already.
    error Malformed_AlreadyBarred(bytes32 programId);

    /// @notice A value's root is of another type than its operator's output.
    /// @param proof `claim ‖ operator ‖ output u8 ‖ preimage ‖ value siblings`
    function proveHeader(bytes32 batchId, bytes calldata proof, bytes32 salt) external;

    /// @notice A value is missing: its place in the trace, or in its segment's answered list, holds zero.
    /// @param proof `claim ‖ operator ‖ output u8 ‖ value siblings`
    function proveMissing(bytes32 batchId, bytes calldata proof, bytes32 salt) external;

    /// @notice A value is not encoded in the one way that values are.
    /// @param proof `claim ‖ kind u8 ‖ …`:
    /// ```
    /// 0 byte   operator ‖ output u8 ‖ value siblings ‖ place u32 ‖ chunk ‖ tree siblings
    ///          non-zero after the tensor's end, in a bool above 1, or in a NaN other than 0x7fc00000
    /// 1 leaf   operator ‖ output u8 ‖ value siblings ‖ index u32 ‖ leaf 32 ‖ tree siblings
    ///          a non-zero leaf of the chunk tree beyond the last chunk
    /// 2 value  index u32 ‖ root 32 ‖ siblings
    ///          a non-zero root in the trace beyond the last value
    /// 3 stray  operator ‖ output u8 ‖ root 32 ‖ siblings
    ///          a non-zero root where no value stands: of an inner value in the trace, or of a boundary value in its
    ///          segment's answered list
    /// ```
    function proveEncoding(bytes32 batchId, bytes calldata proof, bytes32 salt) external;

    /// @notice Bars a program for a rule that it breaks. For anyone; nothing is earned.
    /// @param proof `kind u8 ‖ header ‖ …`:
    /// ```
    /// 0 empty      no operator, or no value
    /// 1 hole       list u8 (0 operators, 1 segments, 2 weights) ‖ index u32 ‖ siblings    a zero in the list
    /// 2 leaf       operator                                                     see below
    /// 3 pair       opIndex u32 ‖ 2×(bodyLen u16 ‖ body) ‖ siblings (as one range)
    ///              the second's firstValue is not the next after the first's outputs, or its segment neither the
    ///              first's nor the next
    /// 4 edge       operator (consumer) ‖ operator (producer) ‖ slot u8          types disagree, a boundary value is read
    ///              as inner or an inner one as boundary, or an inner value is read in another segment
    /// 5 input      operator ‖ slot u8 ‖ interface                               types disagree
    /// 6 weight     operator ‖ slot u8 ‖ preimage ‖ siblings                     types disagree
    /// 7 interface  interface                  undecodable, not row-major, or a range that is none
    /// 8 output     operator ‖ interface ‖ output u8 ‖ number u8 (of the interface's output)   not row-major,
    ///              or inner
    /// 9 segment    index u32 ‖ firstOp u32 ‖ opCount u32 ‖ firstValue u32 ‖ valueCount u32 ‖ siblings ‖ operator
    ///              no value or more than 1,024, or it disagrees with the operator about who belongs to it
    /// ```
    /// A leaf is malformed if it does not decode; if a type has a layout that is no permutation or an explicit
    /// identity, or more than 2^32 - 1 bytes; if an operand lies beyond its list, or is not made before; if the first
    /// or last operator's values or segments are not the program's first and last; if its boundary bits name an output
    /// that it does not have; if the registry has no judge for it; or if its judge does not know the program's numerics.
    function proveMalformed(bytes calldata proof) external;

    /// @notice Why a program is barred; zero if it is not. A program barred for a judge that was missing is free again
    /// once that judge is there.
    function barred(bytes32 programId) external view returns (bytes32 reason);

    /// @notice Whether one input under `inputsRoot` is not what the program declares. Reverts if `proof` does not open.
    /// @param proof `header ‖ interface ‖ input u8 ‖ kind u8 ‖ …`:
    /// ```
    /// 0 type      preimage ‖ siblings
    /// 1 element   element u32 ‖ siblings ‖ chunk ‖ tree siblings    outside its range, no multiple of its step, or a
    ///             NaN where a range is declared or in another encoding than 0x7fc00000
    /// 2 missing   siblings                                          zero in the list
    /// ```
    function inputFault(bytes32 programId, bytes32 inputsRoot, bytes calldata proof) external view returns (bool);
}
