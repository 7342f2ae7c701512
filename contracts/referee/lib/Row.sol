// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title A row of floats in memory, as big-endian lanes of 32 bits, eight a word
/// @dev The last word is filled up with zeros.
struct Row {
    uint256 pointer;
    uint256 length;
    /// Greatest exponent field.
    uint256 exponent;
}

using Rows for Row global;

library Rows {
    /// @notice Reads `length` little-endian floats at calldata offset `source`.
    function load(uint256 source, uint256 length) internal pure returns (Row memory row) {
        row.length = length;
        assembly ("memory-safe") {
            let low := 0x0000ffff0000ffff0000ffff0000ffff0000ffff0000ffff0000ffff0000ffff
            let field := 0x000000ff000000ff000000ff000000ff000000ff000000ff000000ff000000ff
            let odd := 0x00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff
            let one := 0x0000000100000001000000010000000100000001000000010000000100000001
            let top := 0x8000000080000000800000008000000080000000800000008000000080000000
            let p := mload(64)
            let bytesLength := shl(2, length)
            let end := add(p, and(add(bytesLength, 31), not(31)))
            mstore(64, end)
            mstore(row, p)
            calldatacopy(p, source, bytesLength)
            calldatacopy(add(p, bytesLength), calldatasize(), sub(end, add(p, bytesLength)))
            let most := 0
            for {} lt(p, end) {
                p := add(p, 32)
            } {
                let w := mload(p)
                w := or(shl(8, and(w, odd)), and(shr(8, w), odd))
                w := or(shl(16, and(w, low)), and(shr(16, w), low))
                mstore(p, w)
                w := and(shr(23, w), field)
                // keep the larger of each lane
                let keep := and(shr(31, sub(or(most, top), w)), one)
                most := xor(w, and(xor(most, w), mul(keep, 0xff)))
            }
            let exponent := 0
            for {} most {
                most := shr(32, most)
            } {
                if gt(and(most, 0xff), exponent) {
                    exponent := and(most, 0xff)
                }
            }
            mstore(add(row, 64), exponent)
        }
    }

    /// @notice Bits of the float at `place`.
    function bits(Row memory self, uint256 place) internal pure returns (uint256 float) {
        assembly ("memory-safe") {
            float := shr(224, mload(add(mload(self), shl(2, place))))
        }
    }

    /// @notice Bits of the greatest float, -0 counting as less than 0, and NaN as more than all.
    /// @dev As an integer, a float with its sign inverted, and the rest of it too if it is negative, keeps that order.
    function greatest(Row memory self) internal pure returns (uint256 float) {
        assembly ("memory-safe") {
            let one := 0x0000000100000001000000010000000100000001000000010000000100000001
            let top := 0x8000000080000000800000008000000080000000800000008000000080000000
            let half := 0x00000000ffffffff00000000ffffffff00000000ffffffff00000000ffffffff
            let ones := 0x0000000000000001000000000000000100000000000000010000000000000001
            let carries := 0x0000000100000000000000010000000000000001000000000000000100000000
            let p := mload(self)
            let most := 0
            for {
                let end := add(p, shl(2, mload(add(self, 32))))
            } lt(p, end) {
                p := add(p, 32)
            } {
                let w := mload(p)
                w := xor(w, or(top, mul(and(shr(31, w), one), 0x7fffffff)))
                if gt(add(p, 32), end) {
                    let rest := shl(3, sub(add(p, 32), end))
                    w := shl(rest, shr(rest, w))
                }
                let v := and(shr(32, w), half)
                let keep := and(shr(32, sub(or(most, carries), v)), ones)
                most := xor(v, and(xor(most, v), mul(keep, 0xffffffff)))
                v := and(w, half)
                keep := and(shr(32, sub(or(most, carries), v)), ones)
                most := xor(v, and(xor(most, v), mul(keep, 0xffffffff)))
            }
            for {} most {
                most := shr(64, most)
            } {
                let v := and(most, 0xffffffff)
                if gt(v, float) {
                    float := v
                }
            }
            float := xor(float, or(0x80000000, mul(iszero(shr(31, float)), 0x7fffffff)))
        }
    }
}
