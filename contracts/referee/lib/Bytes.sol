// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice Big-endian numbers where they lie in calldata. Beyond the end everything reads 0; whoever walks a blob
/// checks where it ended.
library Bytes {
    function u8(uint256 pointer) internal pure returns (uint256 v) {
        assembly ("memory-safe") {
            v := byte(0, calldataload(pointer))
        }
    }

    function u16(uint256 pointer) internal pure returns (uint256 v) {
        assembly ("memory-safe") {
            v := shr(240, calldataload(pointer))
        }
    }

    function u32(uint256 pointer) internal pure returns (uint256 v) {
        assembly ("memory-safe") {
            v := shr(224, calldataload(pointer))
        }
    }

    function u64(uint256 pointer) internal pure returns (uint256 v) {
        assembly ("memory-safe") {
            v := shr(192, calldataload(pointer))
        }
    }

    function word(uint256 pointer) internal pure returns (bytes32 v) {
        assembly ("memory-safe") {
            v := calldataload(pointer)
        }
    }

    /// @notice keccak256 of `length` bytes of calldata at `pointer`.
    function digest(uint256 pointer, uint256 length) internal pure returns (bytes32 v) {
        assembly ("memory-safe") {
            let free := mload(0x40)
            calldatacopy(free, pointer, length)
            v := keccak256(free, length)
        }
    }

    /// @notice First byte of `blob` and the byte after its last.
    function bounds(bytes calldata blob) internal pure returns (uint256 pointer, uint256 end) {
        assembly ("memory-safe") {
            pointer := blob.offset
            end := add(blob.offset, blob.length)
        }
    }

    function slice(uint256 pointer, uint256 length) internal pure returns (bytes calldata part) {
        assembly ("memory-safe") {
            part.offset := pointer
            part.length := length
        }
    }
}
