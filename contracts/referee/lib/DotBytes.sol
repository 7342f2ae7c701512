// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Exact dot product of byte arrays, eight multiplications at a time
/// @dev Arrays lie in memory, padded with zero bytes to whole words. Four times a word, every fourth byte of both is
/// spread over eight lanes of 32 bits; with one side's lanes in reverse, the top lane of the product is their dot product.
library DotBytes {
    /// @return dot Sum of a[i] · b[i].
    /// @return sumA Sum of a[i].
    /// @return sumB Sum of b[i].
    function accumulate(
        uint256 a,
        uint256 b,
        uint256 words,
        bool signed
    ) internal pure returns (int256 dot, int256 sumA, int256 sumB) {
        assembly ("memory-safe") {
            let lane := 0x000000ff000000ff000000ff000000ff000000ff000000ff000000ff000000ff
            // a signed byte plus 128 is the byte with its top bit inverted
            let top := mul(signed, 0x8080808080808080808080808080808080808080808080808080808080808080)
            let d := sub(b, a)
            for {
                let end := add(a, shl(5, words))
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
                let x := and(v, lane)
                let y := and(w, lane)
                let s := x
                let t := y
                dot := add(dot, shr(224, mul(x, y)))
                x := and(shr(8, v), lane)
                y := and(shr(8, w), lane)
                s := add(s, x)
                t := add(t, y)
                dot := add(dot, shr(224, mul(x, y)))
                x := and(shr(16, v), lane)
                y := and(shr(16, w), lane)
                s := add(s, x)
                t := add(t, y)
                dot := add(dot, shr(224, mul(x, y)))
                x := and(shr(24, v), lane)
                y := and(shr(24, w), lane)
                sumA := add(sumA, add(s, x))
                sumB := add(sumB, add(t, y))
                dot := add(dot, shr(224, mul(x, y)))
            }
            let ones := 0x0000000100000001000000010000000100000001000000010000000100000001
            sumA := shr(224, mul(sumA, ones))
            sumB := shr(224, mul(sumB, ones))
            if signed {
                // (a + 128)(b + 128) = ab + 128(a + 128) + 128(b + 128) - 128², padding included
                dot := sub(add(dot, shl(19, words)), shl(7, add(sumA, sumB)))
                sumA := sub(sumA, shl(12, words))
                sumB := sub(sumB, shl(12, words))
            }
        }
    }
}
