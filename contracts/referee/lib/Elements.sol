// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice Elements of tensors: their sizes, signs and little-endian bytes. An element is handled as its bytes read as
/// a little-endian integer, zero-extended.
library Elements {
    uint256 internal constant FLOAT32 = 1;
    uint256 internal constant UINT8 = 2;
    uint256 internal constant INT8 = 3;
    uint256 internal constant UINT16 = 4;
    uint256 internal constant INT16 = 5;
    uint256 internal constant INT32 = 6;
    uint256 internal constant INT64 = 7;
    uint256 internal constant BOOL = 9;
    uint256 internal constant UINT32 = 12;
    uint256 internal constant UINT64 = 13;

    /// the one encoding of NaN
    uint256 internal constant NAN = 0x7fc00000;

    /// nibble c: size in bytes of the type with ONNX code c, 0 if there is none
    uint256 private constant SIZES = 0x84001084221140;
    /// bit c: the type with ONNX code c is a signed integer, an unsigned one
    uint256 private constant SIGNED = (1 << INT8) | (1 << INT16) | (1 << INT32) | (1 << INT64);
    uint256 private constant UNSIGNED = (1 << UINT8) | (1 << UINT16) | (1 << UINT32) | (1 << UINT64);

    /// @notice Size in bytes; 0 for a type that tensors cannot have.
    function size(uint256 dtype) internal pure returns (uint256) {
        return dtype > 15 ? 0 : (SIZES >> (4 * dtype)) & 15;
    }

    /// @notice Whether the type is an integer, bool not being one.
    function isInteger(uint256 dtype) internal pure returns (bool) {
        return ((SIGNED | UNSIGNED) >> dtype) & 1 == 1;
    }

    function isSigned(uint256 dtype) internal pure returns (bool) {
        return (SIGNED >> dtype) & 1 == 1;
    }

    /// @notice The `length` (1 to 8) bytes at calldata offset `pointer`, read as a little-endian integer.
    function read(uint256 pointer, uint256 length) internal pure returns (uint256 bits) {
        assembly ("memory-safe") {
            let v := shr(192, calldataload(pointer))
            v := or(shl(8, and(v, 0x00ff00ff00ff00ff)), and(shr(8, v), 0x00ff00ff00ff00ff))
            v := or(shl(16, and(v, 0x0000ffff0000ffff)), and(shr(16, v), 0x0000ffff0000ffff))
            v := and(or(shl(32, v), shr(32, v)), 0xffffffffffffffff)
            bits := and(v, sub(shl(shl(3, length), 1), 1))
        }
    }

    /// @notice The number that an integer (or bool) element stands for.
    function value(uint256 bits, uint256 dtype) internal pure returns (int256 result) {
        result = int256(bits);
        if (isSigned(dtype)) {
            uint256 last = size(dtype) - 1;
            assembly ("memory-safe") {
                result := signextend(last, bits)
            }
        }
    }

    /// @notice The element of an integer type that `number` wraps to.
    function wrap(int256 number, uint256 dtype) internal pure returns (uint256) {
        return uint256(number) & ((1 << (8 * size(dtype))) - 1);
    }

    function isNaN(uint256 bits) internal pure returns (bool) {
        return bits & 0x7fffffff > 0x7f800000;
    }
}
