// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Judge of one family of operators
/// @notice Recomputes one element of one output of one operator and says whether an honest executor could have got it.
/// A judge has no storage, no immutables and calls nobody: the same bytes get the same verdict everywhere, for ever.
/// @dev `op` is the operator body:
/// `opcode b32 ‖ judgeCodeHash b32 ‖ attrLen u16 ‖ attributes ‖ firstValue u32 ‖ segment u32 ‖ boundary u32 ‖ nIn u8 ‖
/// nOut u8 ‖ nIn×(kind u8 ‖ index u32) ‖ types of the inputs whose kind is not 0 ‖ types of the outputs`, a type being
/// `dtype u8 ‖ layout u32 ‖ rank u8 ‖ dims rank×u32`. Elements are their bytes read as a little-endian integer.
/// Warning: a judge trusts that `op` and `evidence` were opened against a claim, and that `op` breaks no rule of a
/// program (its layouts are permutations, no tensor reaches 4 GiB); the referee answers for both.
interface IJudge {
    /// @notice Convicted: no honest executor gets this. Void: honest only within the kernel contract. Permitted: the rest.
    enum Verdict {
        Permitted,
        Void,
        Convicted
    }

    /// @notice The evidence does not hold, at its place, exactly these bytes of this operand.
    error Judge_Evidence(uint256 slot, uint256 offset, uint256 length);
    /// @notice The evidence goes on after the last range that the judge needs.
    error Judge_Leftover();
    /// @notice This judge does not know the opcode.
    error Judge_Opcode(bytes32 opcode);
    /// @notice The operator has no such attribute word, or this judge cannot work with its value.
    error Judge_Attribute(uint256 word);
    /// @notice The operand (128 and up: output) is absent, or of a type that this judge does not take there.
    error Judge_Operand(uint256 slot);
    /// @notice The element index lies outside the output.
    error Judge_Element(uint256 element);
    /// @notice This judge does not know the kernel contract that the program names.
    error Judge_Numerics(uint256 numerics);

    /// @param op Body of the operator.
    /// @param numerics Number of the kernel contract that the program names.
    /// @param output Which output of the operator.
    /// @param element Physical index of the element in that output.
    /// @param claimed The element claimed, zero-extended.
    /// @param evidence The operand ranges, in the judge's order: `slot u8 ‖ offset u32 ‖ length u32 ‖ data` each.
    function judge(
        bytes calldata op,
        uint256 numerics,
        uint256 output,
        uint256 element,
        uint256 claimed,
        bytes calldata evidence
    ) external view returns (Verdict);
}
