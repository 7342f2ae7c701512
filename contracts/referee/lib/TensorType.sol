// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice The type of a tensor where it lies in calldata: `dtype u8 ‖ layout u32 ‖ rank u8 ‖ dims rank×u32`.
/// The value is its calldata offset.
type TensorType is uint256;

using TensorTypes for TensorType global;

library TensorTypes {
    /// @notice ONNX code of the element type.
    function dtype(TensorType self) internal pure returns (uint256 code) {
        assembly ("memory-safe") {
            code := byte(0, calldataload(self))
        }
    }

    /// @notice Nibble i, least significant first, is the logical axis stored at physical place i; 0 is row-major.
    function layoutCode(TensorType self) internal pure returns (uint256 nibbles) {
        assembly ("memory-safe") {
            nibbles := and(shr(216, calldataload(self)), 0xffffffff)
        }
    }

    function rank(TensorType self) internal pure returns (uint256 axes) {
        assembly ("memory-safe") {
            axes := byte(5, calldataload(self))
        }
    }

    /// @notice Logical dimension `axis`; the caller keeps `axis` below the rank.
    function dim(TensorType self, uint256 axis) internal pure returns (uint256 size) {
        assembly ("memory-safe") {
            size := shr(224, calldataload(add(add(self, 6), shl(2, axis))))
        }
    }

    /// @notice First byte after the type.
    function end(TensorType self) internal pure returns (uint256 pointer) {
        assembly ("memory-safe") {
            pointer := add(add(self, 6), shl(2, byte(5, calldataload(self))))
        }
    }

    /// @notice The type that follows this one in an operator body.
    function next(TensorType self) internal pure returns (TensorType) {
        return TensorType.wrap(end(self));
    }

    function elements(TensorType self) internal pure returns (uint256 count) {
        unchecked {
            uint256 n = rank(self);
            count = 1;
            for (uint256 i = 0; i < n; ++i) count *= dim(self, i);
        }
    }
}
