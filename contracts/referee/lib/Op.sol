// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IJudge} from "../../interfaces/IJudge.sol";
import {TensorType} from "./TensorType.sol";

/// @notice Reads an operator body where it lies in calldata (`IJudge` draws it).
library Op {
    uint256 internal constant OUTPUT_SLOT = 128;
    uint256 internal constant NONE = 0;

    uint256 private constant ATTRIBUTES = 66;
    /// firstValue, segment, boundary
    uint256 private constant NUMBERS = 12;

    function opcode(bytes calldata op) internal pure returns (bytes32 code) {
        assembly ("memory-safe") {
            code := calldataload(op.offset)
        }
    }

    /// @notice How many attribute words the operator has.
    function words(bytes calldata op) internal pure returns (uint256 count) {
        assembly ("memory-safe") {
            count := shr(245, calldataload(add(op.offset, 64)))
        }
    }

    /// @notice Attribute word `i`. Reverts if there is none.
    function word(bytes calldata op, uint256 i) internal pure returns (int256 value) {
        if (i >= words(op)) revert IJudge.Judge_Attribute(i);
        assembly ("memory-safe") {
            value := calldataload(add(add(op.offset, ATTRIBUTES), shl(5, i)))
        }
    }

    /// @notice Attribute word `i` where only 0 and positive values make sense. Reverts on any other.
    function natural(bytes calldata op, uint256 i) internal pure returns (uint256) {
        int256 value = word(op, i);
        if (value < 0 || value > 0xffffffff) revert IJudge.Judge_Attribute(i);
        return uint256(value);
    }

    function counts(bytes calldata op) internal pure returns (uint256 inputs, uint256 outputs) {
        (inputs, outputs, ) = _refs(op);
    }

    /// @notice Kind (0: absent) and index of operand `slot`; absent beyond the last.
    function ref(bytes calldata op, uint256 slot) internal pure returns (uint256 kind, uint256 index) {
        (uint256 inputs, , uint256 refs) = _refs(op);
        if (slot >= inputs) return (NONE, 0);
        assembly ("memory-safe") {
            let entry := calldataload(add(refs, mul(5, slot)))
            kind := shr(248, entry)
            index := and(shr(216, entry), 0xffffffff)
        }
    }

    function present(bytes calldata op, uint256 slot) internal pure returns (bool) {
        (uint256 kind, ) = ref(op, slot);
        return kind != NONE;
    }

    /// @notice Type of operand `slot`. Reverts if it is absent.
    function input(bytes calldata op, uint256 slot) internal pure returns (TensorType) {
        if (!present(op, slot)) revert IJudge.Judge_Operand(slot);
        return _type(op, slot, 0);
    }

    /// @notice Type of output `i`. Reverts if there is none.
    function output(bytes calldata op, uint256 i) internal pure returns (TensorType) {
        (uint256 inputs, uint256 outputs, ) = _refs(op);
        if (i >= outputs) revert IJudge.Judge_Operand(OUTPUT_SLOT + i);
        return _type(op, inputs, i);
    }

    function _refs(bytes calldata op) private pure returns (uint256 inputs, uint256 outputs, uint256 refs) {
        assembly ("memory-safe") {
            refs := add(op.offset, add(add(ATTRIBUTES, NUMBERS), shr(240, calldataload(add(op.offset, 64)))))
            let sizes := calldataload(refs)
            inputs := byte(0, sizes)
            outputs := byte(1, sizes)
            refs := add(refs, 2)
        }
    }

    /// @dev The type that comes after those of the present inputs below `slot` and `more` further ones.
    function _type(bytes calldata op, uint256 slot, uint256 more) private pure returns (TensorType) {
        (uint256 inputs, , uint256 refs) = _refs(op);
        unchecked {
            uint256 pointer = refs + 5 * inputs;
            for (uint256 i = 0; i < slot; ++i) {
                uint256 kind;
                assembly ("memory-safe") {
                    kind := byte(0, calldataload(add(refs, mul(5, i))))
                }
                if (kind != NONE) pointer = TensorType.wrap(pointer).end();
            }
            for (uint256 i = 0; i < more; ++i) pointer = TensorType.wrap(pointer).end();
            return TensorType.wrap(pointer);
        }
    }
}
