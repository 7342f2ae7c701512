// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Exact dot product of byte arrays, eight multiplications at a time
/// @dev Arrays lie in memory, zero-padded to whole words. Four times a word, every fourth byte of both is spread over
/// eight lanes of 32 bits, less its zero point; with one side's lanes in reverse, the top lane of the product is their
/// dot product. Products are added up whole: below the top lane the sums stay within 31 bits for 2^15 terms.
library DotBytes {
    uint256 internal constant MAX_TERMS = 1 << 15;

    /// @return dot Sum of (a[i] - zeroA) · (b[i] - zeroB) over `terms`, modulo 2^32.
    function sum(
        uint256 a,
        uint256 b,
        uint256 terms,
        int256 zeroA,
        int256 zeroB,
        bool signed
    ) internal pure returns (uint256 dot) {
        assembly ("memory-safe") {
            let lane := 0x000000ff000000ff000000ff000000ff000000ff000000ff000000ff000000ff
            let ones := 0x0000000100000001000000010000000100000001000000010000000100000001
            // a signed byte plus 128 is the byte with its top bit inverted
            let top := mul(signed, 0x8080808080808080808080808080808080808080808080808080808080808080)
            let p := mul(ones, add(zeroA, shl(7, signed)))
            let q := mul(ones, add(zeroB, shl(7, signed)))
            let size := and(add(terms, 31), not(31))
            let d := sub(b, a)
            for {
                let end := add(a, size)
            } lt(a, end) {
                a := add(a, 32)
            } {
                let v := xor(mload(a), top)
                let w := xor(mload(add(a, d)), top)
                w := or(
                    shl(32, and(w, 0x00000000ffffffff00000000ffffffff00000000ffffffff00000000ffffffff)),
                    and(shr(32, w), 0x00000000ffffffff00000000ffffffff00000000ffffffff00000000ffffffff)
                )
                w := or(
                    shl(64, and(w, 0x0000000000000000ffffffffffffffff0000000000000000ffffffffffffffff)),
                    and(shr(64, w), 0x0000000000000000ffffffffffffffff0000000000000000ffffffffffffffff)
                )
                w := or(shl(128, w), shr(128, w))
                dot := add(dot, mul(sub(and(v, lane), p), sub(and(w, lane), q)))
                dot := add(dot, mul(sub(and(shr(8, v), lane), p), sub(and(shr(8, w), lane), q)))
                dot := add(dot, mul(sub(and(shr(16, v), lane), p), sub(and(shr(16, w), lane), q)))
                dot := add(dot, mul(sub(and(shr(24, v), lane), p), sub(and(shr(24, w), lane), q)))
            }
            // the lanes below borrow from the top one where their sum is negative: half a unit makes up for it
            dot := shr(224, add(dot, shl(223, 1)))
            // the padding has counted too
            dot := and(sub(dot, mul(sub(size, terms), mul(zeroA, zeroB))), 0xffffffff)
        }
    }
}
